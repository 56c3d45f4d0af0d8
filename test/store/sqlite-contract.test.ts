import { describe } from 'vitest'
import { freshSqlite } from '../support/store-sqlite.ts'
import { storeContract } from './contract/index.ts'

describe('SQLite', () => storeContract(freshSqlite))
