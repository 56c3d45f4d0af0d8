import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { utf8 } from '../../format/bytes.ts'
import {
  type ExportHeader,
  writeExportHeader,
  writeExportRow,
  writeExportTrailer,
} from '../../format/export-lines.ts'
import type { MovedState, Moving, Reading, RunningHash } from './moving.ts'

/** What the file says of its beginning that the database does not tell. */
export type ExportFacts = Pick<ExportHeader, 'program' | 'madeAt' | 'masterKeyCheck' | 'developmentRoot'>

export interface ExportHost {
  readonly hash: RunningHash
  /** Settles when more may come. */
  write(bytes: Uint8Array): Promise<void>
  /** Rows so far, and of all. */
  progress(done: number, all: number): void
}

export interface Exported {
  readonly rows: Readonly<Record<string, number>>
  readonly bytes: number
  readonly newestEventAt: Seconds | null
}

export type ExportRefusal =
  /** The engine cannot hold a moment still, and somebody wrote meanwhile. */
  { readonly reason: 'changed_meanwhile' }

/** Writes everything of one moment, in bounded memory (docs/export.md). Throws what the store and the host throw. */
export async function exportAll(
  moving: Moving,
  facts: ExportFacts,
  host: ExportHost,
): Promise<Result<Exported, ExportRefusal>> {
  const reading = await moving.read()
  try {
    return await writeAll(moving, reading, facts, host)
  } finally {
    await reading.close()
  }
}

async function writeAll(
  { schema, tables }: Moving,
  reading: Reading,
  facts: ExportFacts,
  host: ExportHost,
): Promise<Result<Exported, ExportRefusal>> {
  const before = await reading.state()
  const { generation, newestEventAt, rows: expected } = before
  const all = Object.values(expected).reduce((sum, count) => sum + count, 0)
  const names = tables.map(({ name }) => name)
  const file = writer(host)
  await file.lines([
    writeExportHeader({ ...facts, schema, generation, newestEventAt, tables: names, rows: all }),
  ])
  const rows: Record<string, number> = {}
  let done = 0
  for (const name of names) {
    rows[name] = 0
    for await (const page of reading.pages(name)) {
      await file.lines(page.map((row) => writeExportRow(name, row)))
      rows[name] += page.length
      done += page.length
      host.progress(done, all)
    }
  }
  if (!reading.isConsistent && !isSame(before, await reading.state(), rows))
    return no({ reason: 'changed_meanwhile' })
  await file.lines([writeExportTrailer({ rows, sha256: host.hash.digest() })])
  return yes({ rows, bytes: file.bytes(), newestEventAt })
}

function writer({ hash, write }: ExportHost) {
  let bytes = 0
  return {
    bytes: () => bytes,
    async lines(lines: readonly string[]): Promise<void> {
      const piece = utf8(lines.map((line) => `${line}\n`).join(''))
      bytes += piece.length
      hash.update(piece)
      await write(piece)
    },
  }
}

function isSame(before: MovedState, after: MovedState, written: MovedState['rows']): boolean {
  return (
    before.generation === after.generation &&
    before.newestEventAt === after.newestEventAt &&
    Object.entries(written).every(
      ([table, count]) => before.rows[table] === count && after.rows[table] === count,
    )
  )
}
