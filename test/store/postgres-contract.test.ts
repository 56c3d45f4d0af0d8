import { describe } from 'vitest'
import { hasPostgres } from '../support/postgres.ts'
import { freshPostgres } from '../support/store-postgres.ts'
import { storeContract } from './contract/index.ts'

describe.skipIf(!(await hasPostgres()))('PostgreSQL', () => storeContract(freshPostgres))
