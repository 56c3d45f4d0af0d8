import { concat } from '../../format/bytes.ts'
import { EXPORT_LINE_BYTES } from '../../format/export-lines.ts'

const LINE_FEED = 10

/**
 * The lines of a stream with their line feeds, those of one piece together; the last may lack its own. A line longer
 * than any can be ends the stream: it comes cut off, without a line feed.
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Uint8Array[], void> {
  let begun: Uint8Array = new Uint8Array()
  for await (const piece of pieces) {
    const bytes = begun.length === 0 ? piece : concat(begun, piece)
    const lines: Uint8Array[] = []
    let from = 0
    for (let end = bytes.indexOf(LINE_FEED, begun.length); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      lines.push(bytes.subarray(from, end + 1))
      from = end + 1
    }
    if (lines.length > 0) yield lines
    begun = bytes.subarray(from)
    if (begun.length > EXPORT_LINE_BYTES) break
  }
  if (begun.length > 0) yield [begun]
}

/** Whether it is there to its line feed. */
export const isWhole = (line: Uint8Array): boolean =>
  line.at(-1) === LINE_FEED && line.length <= EXPORT_LINE_BYTES + 1

/** Whether its end is missing, and may be missing: a line that is too long has none either. */
export const isCutOff = (line: Uint8Array): boolean =>
  line.at(-1) !== LINE_FEED && line.length <= EXPORT_LINE_BYTES
