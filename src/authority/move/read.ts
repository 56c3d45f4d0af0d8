import { no, type Result, yes } from '../../domain/result.ts'
import { type ExportHeader, type ExportTrailer, readExportLine } from '../../format/export-lines.ts'
import type { ExportFault } from './fault.ts'
import { type Gathered, gatherRows } from './gather.ts'
import { readHeader } from './header.ts'
import { isCutOff, isWhole, linesOf } from './lines.ts'
import type { ImportPosition, MovedRow, Moving, RunningHash } from './moving.ts'

/** What a reader gets of an export file, in the order of its lines. */
export type ExportPart =
  | { readonly type: 'header'; readonly header: ExportHeader; readonly at: ImportPosition }
  | { readonly type: 'rows'; readonly rows: readonly MovedRow[]; readonly at: ImportPosition }

type Taken = Result<ExportPart | null, ExportFault>

const NOTHING: Taken = yes(null)

/**
 * Reads an export as it comes, and judges every line before it gives it. Ends with nothing more to say, or with the
 * first fault; what it gave before that is of no use then. `pauseAt`: a part ends with that line.
 */
export async function* readExport(
  pieces: AsyncIterable<Uint8Array>,
  moving: Pick<Moving, 'schema' | 'tables'>,
  hash: RunningHash,
  pauseAt: number,
): AsyncGenerator<ExportPart, ExportFault | null> {
  const reader = lineReader(moving, hash, pauseAt)
  for await (const lines of linesOf(pieces)) {
    for (const line of lines) {
      const taken = reader.take(line)
      if (!taken.ok) return taken.no
      if (taken.value !== null) yield taken.value
    }
  }
  const rest = reader.end()
  if (!rest.ok) return rest.no
  if (rest.value !== null) yield rest.value
  return null
}

interface LineReader {
  take(line: Uint8Array): Taken
  end(): Taken
}

function lineReader(
  moving: Pick<Moving, 'schema' | 'tables'>,
  hash: RunningHash,
  pauseAt: number,
): LineReader {
  let lines = 0
  let rows: Gathered | null = null
  let trailer: ExportTrailer | null = null

  function counted(line: Uint8Array): void {
    hash.update(line)
    lines++
  }
  const position = (): ImportPosition => ({ lines, digest: hash.digest() })

  function takeHeader(line: Uint8Array): Taken {
    const header = readHeader(line, moving)
    if (!header.ok) return header
    if (!isWhole(line)) return no({ reason: 'truncated', line: 0 })
    rows = gatherRows(moving.tables, header.value)
    counted(line)
    return yes({ type: 'header', header: header.value, at: position() })
  }

  function takeLine(line: Uint8Array, gathered: Gathered): Taken {
    if (trailer !== null) return no({ reason: 'after_end', line: lines + 2 })
    const read = isWhole(line) ? readExportLine(line) : null
    if (read === null) return no(unreadable(line, lines))
    if (read.type === 'trailer') {
      trailer = read.trailer
      return NOTHING
    }
    const fault = gathered.take(read.table, read.members, line.length, lines + 1)
    if (fault !== null) return no(fault)
    counted(line)
    return gathered.isFull() || lines === pauseAt ? given(gathered) : NOTHING
  }

  const given = (gathered: Gathered): Taken => yes({ type: 'rows', rows: gathered.empty(), at: position() })

  return {
    take: (line) => (rows === null ? takeHeader(line) : takeLine(line, rows)),
    end() {
      if (rows === null) return no({ reason: 'not_an_export' })
      if (trailer === null) return no({ reason: 'truncated', line: lines })
      if (trailer.sha256 !== hash.digest() || !rows.agreesWith(trailer.rows)) return no({ reason: 'damaged' })
      return rows.isEmpty() ? NOTHING : given(rows)
    },
  }
}

/** A line that is not there to its end is the last one of a file that was cut off; any other is broken. */
function unreadable(line: Uint8Array, before: number): ExportFault {
  return isCutOff(line)
    ? { reason: 'truncated', line: before }
    : { reason: 'unreadable_line', line: before + 1 }
}
