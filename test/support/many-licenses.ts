import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import type { MovedRow } from '../../src/authority/move/moving.ts'
import type { LicenseChange } from '../../src/authority/ports.ts'
import { runningSha256 } from '../../src/crypto/running-hash.ts'
import { step } from '../../src/domain/step.ts'
import { eventRows } from '../../src/store/event-rows.ts'
import { ANSWER, licenseRow } from '../../src/store/rows.ts'

/** Seconds from which they are sold, one after another. */
const SOLD_FROM = 1_770_000_000
const YEAR = 365 * 86_400
const TERMS = { product: 1001, edition: 2, seats: 25, features: 7, trial: false, graceDays: 3, binding: null }
const BY = { who: 'callback:huawei', reason: null }

/**
 * Writes an export like `like`, an export of an instance without licenses, with `count` licenses: each with four
 * events, a code, a sealed customer and a first answer, as long as real ones.
 */
export function writeManyLicenses(like: string, path: string, count: number): void {
  const lines = like.trimEnd().split('\n')
  const header = JSON.parse(lines[0]!)
  const trailer = JSON.parse(lines.at(-1)!)
  const seed = randomBytes(4).toString('hex')
  const ids = Array.from({ length: count }, (_, n) => `${n.toString(16).padStart(8, '0')}${seed}`)
  const kept = (table: string) => lines.filter((line) => line.startsWith(`{"table":"${table}"`))
  const rows: Record<string, number> = {}
  const file = writer(path)
  const added = 7 * count
  file.line(
    JSON.stringify({ ...header, newest_event_at: SOLD_FROM + count + 3 * 60, rows: header.rows + added }),
  )
  for (const table of header.tables as string[]) {
    rows[table] = trailer.rows[table]
    for (const line of kept(table)) file.line(line)
    const make = MADE[table]
    if (make === undefined) continue
    for (const [n, id] of ids.entries()) {
      for (const row of make(id, n)) {
        file.line(JSON.stringify({ table, ...withoutNull(row) }))
        rows[table]!++
      }
    }
  }
  file.end({ ...trailer, rows })
}

type Row = Readonly<Record<string, MovedRow['values'][number]>>

const MADE: Readonly<Record<string, (id: string, n: number) => readonly Row[]>> = {
  licenses: (id, n) => {
    const { after, code } = lifeOf(id, n).at(-1)!
    return [{ ...licenseRow(after, code), ...Object.fromEntries(ANSWER.map((name) => [name, null])) }]
  },
  license_events: (id, n) => lifeOf(id, n).flatMap((change) => eventRows(change).map((row) => ({ ...row }))),
  customers: (id) => [{ license_id: id, sealed: `.${randomBytes(180).toString('base64url')}` }],
  answers: (id, n) => [
    {
      channel: 'huawei',
      answer_key: JSON.stringify([`CS${n}`, '1']),
      fields: id,
      body: JSON.stringify({
        resultCode: '000000',
        license: randomBytes(330).toString('base64url'),
        instanceId: id,
      }),
    },
  ],
}

/** Sold, renewed, frozen, reinstated; each with the code that is due. */
function lifeOf(id: string, n: number): readonly LicenseChange[] {
  const at = SOLD_FROM + n
  const origin = { channel: 'huawei', instance: id, order: { id: `CS${n}`, line: '1' } }
  const commands = [
    { type: 'issue', id, origin, terms: { ...TERMS, paidUntil: at + YEAR } },
    { type: 'renew', order: `CS${n}-R`, paidUntil: at + 2 * YEAR },
    { type: 'freeze', cause: 'operator' },
    { type: 'reinstate' },
  ] as const
  const changes: LicenseChange[] = []
  for (const [i, command] of commands.entries()) {
    const before = changes.at(-1)?.after ?? null
    const stepped = step(before, command, at + 60 * i)
    if (!stepped.ok) throw new Error(stepped.no.reason)
    const { license: after, events } = stepped.value
    const code = {
      license: id,
      revision: after.revision,
      digest: randomBytes(16).toString('hex'),
      kid: '0badc0de',
      bytes: randomBytes(100).toString('base64url'),
    }
    changes.push({
      before,
      after,
      events,
      by: BY,
      code: after.status === 'active' ? code : null,
      customer: null,
    })
  }
  return changes
}

const withoutNull = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

function writer(path: string) {
  const file = openSync(path, 'w')
  const hash = runningSha256()
  let waiting: string[] = []
  const flush = (): void => {
    const bytes = Buffer.from(waiting.join(''))
    hash.update(bytes)
    writeSync(file, bytes)
    waiting = []
  }
  return {
    line(line: string): void {
      if (waiting.push(`${line}\n`) >= 1_000) flush()
    },
    end(trailer: object): void {
      flush()
      writeSync(file, `${JSON.stringify({ ...trailer, sha256: hash.digest() })}\n`)
      closeSync(file)
    },
  }
}
