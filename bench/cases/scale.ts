import type { Options } from '../options.ts'
import { type CaseReport, type Ratio, required, type Table } from '../report/case-report.ts'
import { medianOver, type Round } from '../rounds.ts'
import { measureInChild } from '../server/child.ts'
import type { Bench } from './bench.ts'

export const SIZES = ['small', 'large'] as const
type Size = (typeof SIZES)[number]

export interface ScaleSettings {
  /** A path, or a URL. */
  readonly databases: Readonly<Record<Size, string>>
  readonly rounds: number
  readonly licenses: Readonly<Record<Size, number>>
}

/** Microseconds per operation of the product's store. */
export interface ScaleCosts {
  readonly byId: number
  readonly byInstance: number
  /** Of an order that is not there, which every purchase asks for. */
  readonly byOrder: number
  readonly page: number
  readonly sweep: number
  readonly insertAlone: number
  readonly insertTogether: number
  /** Processor time of the latter. */
  readonly insertCpu: number
}

export interface ScaleFound {
  readonly fillSeconds: number
  readonly bytesPerLicense: Readonly<Record<Size, Readonly<Record<string, number>>>>
  readonly rounds: readonly Round<Size, ScaleCosts>[]
}

const LICENSES = { small: 10_000, large: 1_000_000 }
const LICENSES_QUICK = { small: 2_000, large: 50_000 }
const LONGEST_MS = 600_000

const OPERATIONS: readonly (readonly [keyof ScaleCosts, string, Ratio['target']])[] = [
  ['byId', 'look-up by id', required('at most', 1.3)],
  ['byInstance', 'look-up by instance', required('at most', 1.3)],
  ['byOrder', 'look-up of an unknown order', required('at most', 1.3)],
  ['insertAlone', 'durable sale, one at a time (p50)', required('at most', 1.3)],
  ['insertTogether', 'durable sale, 32 in flight (p50)', required('at most', 1.3)],
  ['insertCpu', 'CPU of a durable sale, 32 in flight', null],
  ['page', 'page of 50 in the middle', required('at most', 1.3)],
  ['sweep', 'sweep with nothing due', required('at most', 1.3)],
]

type Licenses = ScaleSettings['licenses']

export const licensesOf = ({ quick }: Options): Licenses => (quick ? LICENSES_QUICK : LICENSES)

/** The store on a large database beside a small one: what grows with the number of licenses, and what does not. */
export async function scaleCase({ options, work }: Bench): Promise<CaseReport> {
  const directory = work.fresh('scale')
  const licenses = licensesOf(options)
  const databases = { small: `${directory}/small.db`, large: `${directory}/large.db` }
  const program = new URL('scale-child.ts', import.meta.url)
  const found = await measuredScale(program, { databases, rounds: options.rounds, licenses })
  work.remove(directory)
  return scaleReport(found, licenses, {
    name: 'scale',
    engine: 'SQLite',
    measured: 'Microseconds each: reads in processor time, sales by the clock',
    notes: [],
  })
}

export const measuredScale = (program: URL, settings: ScaleSettings): Promise<ScaleFound> =>
  measureInChild<ScaleFound>(program, settings, LONGEST_MS)

interface Told {
  readonly name: string
  readonly engine: string
  readonly measured: string
  readonly notes: readonly string[]
}

export function scaleReport(found: ScaleFound, licenses: Licenses, told: Told): CaseReport {
  const cost = (size: Size, name: keyof ScaleCosts) => medianOver(found.rounds, (round) => round[size][name])
  const names = SIZES.map((size) => licenses[size].toLocaleString('en'))
  return {
    name: told.name,
    title: `Scale: the store on ${told.engine} at ${names.join(' and ')} licenses`,
    notes: [
      `Both were filled in ${found.fillSeconds.toFixed(0)} s; every license that is looked up was looked up before.`,
      ...told.notes,
    ],
    tables: [
      {
        title: told.measured,
        columns: ['', ...names],
        rows: OPERATIONS.map(([name, title]) => [title, cost('small', name), cost('large', name)]),
      },
      sizeTable(found, names),
    ],
    ratios: OPERATIONS.map(([name, title, target]) => ({
      what: `${title}, large / small`,
      value: medianOver(found.rounds, ({ small, large }) => large[name] / small[name]),
      target,
    })),
    rounds: found,
  }
}

function sizeTable({ bytesPerLicense: { small, large } }: ScaleFound, names: readonly string[]): Table {
  const sum = (sizes: Readonly<Record<string, number>>) => Object.values(sizes).reduce((a, b) => a + b, 0)
  const rows = Object.keys(large).map((table) => [table, small[table] ?? null, large[table] ?? null])
  return {
    title: 'Bytes per license, indexes included, replay marks left out',
    columns: ['', ...names],
    rows: [...rows, ['together', sum(small), sum(large)]],
  }
}
