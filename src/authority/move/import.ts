import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import type { ExportHeader } from '../../format/export-lines.ts'
import type { ExportFault } from './fault.ts'
import type { ImportPosition, MovedRow, Moving, RunningHash } from './moving.ts'
import { momentOf } from './raise.ts'
import { type ExportPart, readExport } from './read.ts'

export interface ImportSource {
  pieces(): AsyncIterable<Uint8Array>
  /** It can be read a second time. */
  readonly isRepeatable: boolean
}

export interface ImportHost {
  /** Whether the master key at hand opens the check of a file. */
  hasMasterKeyOf(check: string): boolean
  /** A new one, of no bytes. */
  hash(): RunningHash
  /** Every row is there; what lies beside the database is put there before it counts as whole. */
  beforeEnd(header: ExportHeader): Promise<void>
  /** Rows looked at so far, and of all; first of those that are checked, then of those that are written. */
  progress(step: 'checking' | 'writing', done: number, all: number): void
}

export interface Imported {
  readonly header: ExportHeader
  readonly rows: number
  /** Rows that an import before this one had written. */
  readonly resumedAt: number
}

export type ImportRefusal =
  | ExportFault
  /** Somewhere among these lines is a row that is there already. */
  | { readonly reason: 'repeated'; readonly from: number; readonly to: number }
  | { readonly reason: 'other_master_key' }
  /** The database holds something, and no import under way. */
  | { readonly reason: 'not_empty' }
  /** An import of another file is under way. */
  | { readonly reason: 'other_file'; readonly line: number }
  /** A restore is under way, whose import has ended. */
  | { readonly reason: 'restoring' }
  /** The import under way belongs to a restore, and this would end it as an import. */
  | { readonly reason: 'restore_begun' }
  /** Another process imports into the same database. */
  | { readonly reason: 'contended' }

/**
 * Carries an export file into an empty database, or goes on where it was interrupted (docs/export.md). A file that can
 * be read twice is checked to its end before anything is written. Until it ends the database is unfinished, and stays
 * so after a refusal that came later. `restoringAt`: it stays so at the end, too, for `raiseAll`; what a restore began
 * is ended by nothing else. Throws on an outage.
 */
export async function importAll(
  moving: Moving,
  source: ImportSource,
  host: ImportHost,
  restoringAt: Seconds | null,
): Promise<Result<Imported, ImportRefusal>> {
  const unfinished = await moving.unfinished()
  if (unfinished?.type === 'restore') return no({ reason: 'restoring' })
  if (unfinished?.isRestore && restoringAt === null) return no({ reason: 'restore_begun' })
  if (unfinished === null && !(await moving.isEmpty())) return no({ reason: 'not_empty' })
  const begun = unfinished?.at ?? null
  if (source.isRepeatable) {
    const checked = await walk(moving, source, host, begun, 'checking', async () => null)
    if (!checked.ok) return checked
  }
  const since = ({ newestEventAt }: ExportHeader): Seconds | null =>
    restoringAt === null ? null : momentOf(restoringAt, newestEventAt)
  const write = writer(moving, begun, since)
  const written = await walk(moving, source, host, begun, 'writing', write.take)
  const last = await write.settled()
  if (!written.ok) return written
  if (last !== null) return no(last)
  await host.beforeEnd(written.value.header)
  const ended = await moving.finish(write.position(), since(written.value.header))
  if (ended === 'conflict') return no({ reason: 'contended' })
  return written
}

type Take = (part: ExportPart, from: number) => Promise<ImportRefusal | null>

/** Reads the file to its end, passes over what is in the database already, and gives the rest to `take`. */
async function walk(
  moving: Moving,
  source: ImportSource,
  host: ImportHost,
  begun: ImportPosition | null,
  step: 'checking' | 'writing',
  take: Take,
): Promise<Result<Imported, ImportRefusal>> {
  const parts = readExport(source.pieces(), moving, host.hash(), begun?.lines ?? 0)
  let header: ExportHeader | null = null
  let from = 1
  for (;;) {
    const { done, value } = await parts.next()
    if (done) {
      if (value !== null) return no(value)
      if (begun !== null && from <= begun.lines) return no({ reason: 'other_file', line: begun.lines })
      return yes({ header: header!, rows: from - 2, resumedAt: begun === null ? 0 : begun.lines - 1 })
    }
    if (value.type === 'header') header = value.header
    const { lines } = value.at
    const refusal = await judged(value, header!, host, begun, () => take(value, from))
    if (refusal !== null) {
      await parts.return(null)
      return no(refusal)
    }
    from = lines + 1
    host.progress(step, lines - 1, header!.rows)
  }
}

async function judged(
  { type, at }: ExportPart,
  header: ExportHeader,
  { hasMasterKeyOf }: ImportHost,
  begun: ImportPosition | null,
  take: () => Promise<ImportRefusal | null>,
): Promise<ImportRefusal | null> {
  if (type === 'header' && !hasMasterKeyOf(header.masterKeyCheck)) return { reason: 'other_master_key' }
  if (begun === null || at.lines > begun.lines) return take()
  return at.lines === begun.lines && at.digest !== begun.digest
    ? { reason: 'other_file', line: begun.lines }
    : null
}

/** Writes one part while the next is read, never two at once. */
function writer(
  moving: Moving,
  begun: ImportPosition | null,
  since: (header: ExportHeader) => Seconds | null,
) {
  let reached = begun
  let under: Promise<ImportRefusal | null> = Promise.resolve(null)

  async function begin(at: ImportPosition, header: ExportHeader): Promise<ImportRefusal | null> {
    reached = at
    return (await moving.begin(at, since(header))) === 'committed' ? null : { reason: 'contended' }
  }

  async function add(
    rows: readonly MovedRow[],
    at: ImportPosition,
    from: number,
  ): Promise<ImportRefusal | null> {
    const before = reached!
    if ((await moving.add(rows, before, at)) === 'committed') {
      reached = at
      return null
    }
    const now = await moving.unfinished()
    const isOurs = now?.type === 'import' && now.at.digest === before.digest
    return isOurs ? { reason: 'repeated', from, to: at.lines } : { reason: 'contended' }
  }

  return {
    position: (): ImportPosition => reached!,
    settled: () => under,
    async take(part: ExportPart, from: number): Promise<ImportRefusal | null> {
      const before = await under
      if (before !== null) return before
      under = part.type === 'header' ? begin(part.at, part.header) : add(part.rows, part.at, from)
      // Its failure is thrown where it is waited for.
      under.catch(() => undefined)
      return null
    },
  }
}
