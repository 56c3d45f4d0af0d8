import { afterAll, beforeAll } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { openD1 } from '../../src/store/d1/open.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { storeContract } from './contract/index.ts'

let d1: LocalD1
beforeAll(async () => {
  d1 = await startD1()
})
afterAll(() => d1.close())

const opened = () => openD1(d1.binding, { ambient, outlive: () => undefined }).store

storeContract(async () => {
  await d1.empty()
  return { store: opened(), beside: async () => opened() }
})
