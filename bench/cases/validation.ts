import { randomBytes } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { MockKey } from '../mocks/settings.ts'
import { type CaseReport, goal, type Ratio, required } from '../report/case-report.ts'
import { measuredTable } from '../report/measured-table.ts'
import { interleave, type Measured, measured, medianOver, phaseOf, quotient, type Round } from '../rounds.ts'
import { foundMocks, type MockInstance, startMock } from '../server/mock.ts'
import { initProduct, productDatabase, serveProduct } from '../server/product.ts'
import { type Bench, IN_FLIGHT } from './bench.ts'

const CONTENDERS = ['licet', 'mock', 'mock by digest', 'hello'] as const
type Contender = (typeof CONTENDERS)[number]

const MOCKS = {
  licet: null,
  mock: 'validation',
  'mock by digest': 'validation-by-digest',
  hello: 'hello',
} as const

interface ValidationRound {
  readonly loaded: Measured
  readonly alone: Measured
}

const CODES = 4_000
const WARM_UP = 8_000
const LOADED = 10_000
const ALONE = 1_000

/** Validations over HTTP of codes that the server sold; nothing is written. */
export async function validationCase(bench: Bench): Promise<CaseReport> {
  const sold = await sellCodes(bench)
  const rounds = await interleave(CONTENDERS, bench.options.rounds, (name) =>
    validationRound(bench, name, sold),
  )
  bench.work.remove(sold.directory)
  const phase = (name: keyof ValidationRound) => phaseOf(rounds, CONTENDERS, name)
  return {
    name: 'validation',
    title: 'Validation: a license text becomes a verdict and a signed statement',
    notes: [
      `${sold.texts.length} codes in turn; hello is node:http with a fixed answer, for scale.`,
      'mock verifies the signature of the code; mock by digest knows the code by its digest, as licet does.',
    ],
    tables: [
      measuredTable('32 in flight', CONTENDERS, phase('loaded')),
      measuredTable('One at a time', CONTENDERS, phase('alone')),
    ],
    ratios: ratios(rounds),
    rounds,
  }
}

interface Sold {
  readonly directory: string
  readonly texts: readonly string[]
  readonly mocks: MockInstance
}

/** Buys the codes from the product, and gives the mock a copy of the database with the product's public key. */
async function sellCodes({ work, load, options }: Bench): Promise<Sold> {
  const accessKey = randomBytes(24).toString('hex')
  const directory = work.fresh('validation')
  initProduct(directory, accessKey)
  const server = await serveProduct(directory)
  try {
    const count = options.quick ? CODES / 4 : CODES
    const address = `${server.origin}/callbacks/bench`
    await load.prepare({ set: 'sold', address, what: { type: 'purchases', accessKey, prefix: 'CS', count } })
    const run = {
      set: 'sold',
      from: 0,
      to: count,
      inFlight: IN_FLIGHT,
      servers: [server],
      keepTexts: true,
    }
    const { texts } = await load.run(run)
    await server.stop()
    const database = productDatabase(directory)
    copyFileSync(database, `${directory}/mock.db`)
    return { directory, texts, mocks: { ...foundMocks(accessKey), codes: publicKeyIn(database) } }
  } finally {
    await server.stop()
  }
}

function publicKeyIn(database: string): MockKey {
  const db = new Sqlite(database, { readonly: true })
  const row = db.prepare("SELECT kid, public_key, certificates FROM signing_keys WHERE usage = 'codes'").get()
  db.close()
  const { kid, public_key, certificates } = row as { kid: string; public_key: string; certificates: string }
  return { kid, jwk: { kty: 'OKP', crv: 'Ed25519', x: public_key }, certificate: JSON.parse(certificates)[0] }
}

async function validationRound(bench: Bench, name: Contender, sold: Sold): Promise<ValidationRound> {
  const server = await start(name, sold)
  const share = bench.options.quick ? 4 : 1
  const [warmUp, loaded, alone] = [WARM_UP / share, LOADED / share, ALONE / share]
  const count = warmUp + loaded + alone
  const run = (from: number, requests: number, inFlight: number) =>
    bench.load.run({ set: 'validations', from, to: from + requests, inFlight, servers: [server] })
  try {
    const what = name === 'hello' ? ({ type: 'plain', count } as const) : validations(sold.texts, count)
    await bench.load.prepare({ set: 'validations', address: `${server.origin}/v1/validate`, what })
    await run(0, warmUp, IN_FLIGHT)
    const under = measured(await run(warmUp, loaded, IN_FLIGHT))
    return { loaded: under, alone: measured(await run(warmUp + loaded, alone, 1)) }
  } finally {
    await server.stop()
  }
}

const validations = (texts: readonly string[], count: number) =>
  ({ type: 'validations', texts, count }) as const

function start(name: Contender, { directory, mocks }: Sold) {
  const mock = MOCKS[name]
  return mock === null ? serveProduct(directory) : startMock(mock, directory, mocks)
}

function ratios(rounds: readonly Round<Contender, ValidationRound>[]): readonly Ratio[] {
  return [
    {
      what: 'validations/s, licet / mock',
      value: medianOver(rounds, ({ licet, mock }) => licet.loaded.perSecond / mock.loaded.perSecond),
      target: required('at least', 0.75),
    },
    {
      what: 'CPU per validation, licet / mock',
      value: medianOver(rounds, ({ licet, mock }) => quotient(licet.loaded.cpuMicros, mock.loaded.cpuMicros)),
      target: goal('at most', 1.25),
    },
    {
      what: 'validations/s, licet / mock by digest',
      value: medianOver(
        rounds,
        (round) => round.licet.loaded.perSecond / round['mock by digest'].loaded.perSecond,
      ),
      target: null,
    },
    {
      what: 'CPU per validation, licet / mock by digest',
      value: medianOver(rounds, (round) =>
        quotient(round.licet.loaded.cpuMicros, round['mock by digest'].loaded.cpuMicros),
      ),
      target: null,
    },
    {
      what: 'p50 one at a time, licet / mock',
      value: medianOver(rounds, ({ licet, mock }) => licet.alone.p50Micros / mock.alone.p50Micros),
      target: null,
    },
    {
      what: 'p50 one at a time, licet / hello',
      value: medianOver(rounds, ({ licet, hello }) => licet.alone.p50Micros / hello.alone.p50Micros),
      target: goal('at most', 2.4),
    },
  ]
}
