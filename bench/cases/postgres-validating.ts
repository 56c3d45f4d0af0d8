import type { MockKey } from '../mocks/settings.ts'
import { type Measured, measured } from '../rounds.ts'
import type { MockInstance } from '../server/mock.ts'
import { startMock } from '../server/mock.ts'
import { LOAD_CORE } from '../server/pin.ts'
import { type Bench, IN_FLIGHT } from './bench.ts'
import { ask, type Shop } from './postgres-shop.ts'

export const VALIDATORS = ['licet', 'mock', 'mock by digest'] as const
export type Validator = (typeof VALIDATORS)[number]

const MOCKS = {
  licet: null,
  mock: 'validation-postgres',
  'mock by digest': 'validation-by-digest-postgres',
} as const

export interface ValidatingRound {
  readonly loaded: Measured
  readonly alone: Measured
  /** Processor time of PostgreSQL per validation of `loaded`, microseconds. */
  readonly databaseMicros: number | null
}

/** Codes that the product sold, and the database that both read. */
export interface SoldCodes {
  readonly database: string
  readonly texts: readonly string[]
  readonly mocks: MockInstance
}

const CODES = 4_000
const COUNTS = { warmUp: 4_000, loaded: 6_000, alone: 500 }

export async function sellCodes({ load, options }: Bench, shop: Shop): Promise<SoldCodes> {
  const { accessKey } = shop
  const database = await shop.server.create(shop.template)
  const server = await shop.serve(database)
  try {
    const count = options.quick ? CODES / 4 : CODES
    const what = { type: 'purchases', accessKey, prefix: 'CS', count } as const
    await load.prepare({ set: 'sold', address: `${server.origin}/callbacks/bench`, what })
    const run = { set: 'sold', from: 0, to: count, inFlight: IN_FLIGHT, servers: [server], keepTexts: true }
    const { texts } = await load.run(run)
    return { database, texts, mocks: { ...shop.mocks, codes: await publicKeyIn(database) } }
  } finally {
    await server.stop()
    // As autovacuum leaves a table that was filled.
    await ask(database, 'vacuum analyze')
  }
}

async function publicKeyIn(database: string): Promise<MockKey> {
  const [row] = await ask<{ kid: string; public_key: string; certificates: string }>(
    database,
    "select kid, public_key, certificates from signing_keys where usage = 'codes'",
  )
  const { kid, public_key, certificates } = row!
  return { kid, jwk: { kty: 'OKP', crv: 'Ed25519', x: public_key }, certificate: JSON.parse(certificates)[0] }
}

/** One round of one contender: the server on its core, PostgreSQL and the load generator on the other. */
export async function validatingRound(
  { load, options }: Bench,
  shop: Shop,
  name: Validator,
  { database, texts, mocks }: SoldCodes,
): Promise<ValidatingRound> {
  shop.server.keepOn(LOAD_CORE)
  const mock = MOCKS[name]
  const server = await (mock === null
    ? shop.serve(database)
    : startMock(mock, shop.directory, mocks, { database }))
  const share = options.quick ? 4 : 1
  const [warmUp, loaded, alone] = [COUNTS.warmUp / share, COUNTS.loaded / share, COUNTS.alone / share]
  const run = (from: number, requests: number, inFlight: number) =>
    load.run({ set: 'validations', from, to: from + requests, inFlight, servers: [server] })
  try {
    const what = { type: 'validations', texts, count: warmUp + loaded + alone } as const
    await load.prepare({ set: 'validations', address: `${server.origin}/v1/validate`, what })
    await run(0, warmUp, IN_FLIGHT)
    const before = shop.server.micros()
    const under = measured(await run(warmUp, loaded, IN_FLIGHT))
    const after = shop.server.micros()
    const single = measured(await run(warmUp + loaded, alone, 1))
    const databaseMicros = before === null || after === null ? null : (after - before) / loaded
    return { loaded: under, alone: single, databaseMicros }
  } finally {
    await server.stop()
  }
}
