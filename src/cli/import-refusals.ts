import type { ImportRefusal } from '../authority/move/import.ts'
import type { RestoreRefusal } from './moves.ts'
import { type Outcome, refused } from './output.ts'

const AGAIN = 'make the database anew and begin again'

/** A file that cannot be used is 2, a database that cannot take it is 1 (docs/export.md has the list). */
export function importRefused(no: ImportRefusal, file: string, command: 'import' | 'restore'): Outcome {
  const { reason } = no
  const bad = (sentence: string) => refused(2, reason, sentence)
  const stopped = (sentence: string) => refused(1, reason, sentence)
  switch (reason) {
    case 'not_an_export':
      return bad(`${file} is no export of Licet.`)
    case 'compressed':
      return bad(`${file} is compressed; unpack it first: gzip -dc FILE | licet ${command} -`)
    case 'newer_format':
      return bad(`${file} is of format ${no.version}, this program reads ${no.known}: use a newer Licet.`)
    case 'other_schema':
      return bad(
        `${file} is of schema ${no.schema}, this program is of ${no.known}: ${otherProgram(no, command)}.`,
      )
    case 'truncated':
      return bad(`${file} is cut off after line ${no.line}.`)
    case 'unreadable_line':
      return bad(`Line ${no.line} of ${file} cannot be read.`)
    case 'unknown_table':
      return bad(`Line ${no.line} of ${file} has the table "${no.table}", which this schema has not.`)
    case 'missing_table':
      return bad(`The header of ${file} lacks the table "${no.table}" of this schema.`)
    case 'unknown_column':
      return bad(`Line ${no.line} of ${file} has a column "${no.column}", which table "${no.table}" has not.`)
    case 'wrong_value':
      return bad(`Line ${no.line} of ${file} has no usable "${no.column}" for table "${no.table}".`)
    case 'out_of_order':
      return bad(`Line ${no.line} of ${file} is out of order: "${no.table}" comes before "${no.after}".`)
    case 'repeated':
      return bad(`One of the lines ${no.from} to ${no.to} of ${file} repeats a row that was there before.`)
    case 'damaged':
      return bad(`${file} was changed after it was written, or damaged on its way.`)
    case 'after_end':
      return bad(`Line ${no.line} of ${file} stands behind the end.`)
    case 'other_master_key':
      return stopped(`The master key is not the one of ${file}; bring the right one back.`)
    case 'not_empty':
      return stopped(
        'The database holds something already, an import that has ended perhaps, and nothing is replaced; name an empty one.',
      )
    case 'other_file':
      return stopped(
        `An import of another file is under way, up to line ${no.line}: run it again with that file, or ${AGAIN}.`,
      )
    case 'restoring':
      return stopped(
        'A restore of this database has not ended: run "licet restore --in-place", which goes on where it stopped.',
      )
    case 'restore_begun':
      return stopped(
        'The import under way is that of a restore: run "licet restore" again with the same file.',
      )
    case 'contended':
      return stopped('Another process imports into the same database; let it end.')
    default:
      return no satisfies never
  }
}

function otherProgram(
  { schema, known, program }: ImportRefusal & { readonly reason: 'other_schema' },
  command: string,
): string {
  return schema > known
    ? `use Licet ${program}`
    : `run licet ${command} of Licet ${program}, then licet migrate --apply of this one`
}

export function restoreRefused({ reason }: RestoreRefusal): Outcome {
  switch (reason) {
    case 'in_use':
      return refused(
        1,
        reason,
        'The instance is open in another process: stop licet serve first. Nothing was changed.',
      )
    case 'importing':
      return refused(
        1,
        reason,
        `The import into this database has not ended: run "licet restore" again with the same file, or ${AGAIN}.`,
      )
    default:
      return reason satisfies never
  }
}
