import { expect, test } from 'vitest'
import type { ImportRefusal } from '../../src/authority/move/import.ts'
import { importRefused } from '../../src/cli/import-refusals.ts'
import { page } from '../support/documented.ts'

/** One of each, with the evidence that docs/export.md takes as its example. */
const REFUSALS = {
  not_an_export: {},
  compressed: {},
  newer_format: { version: 2, known: 1 },
  other_schema: { schema: 4, known: 3, program: '0.2.0' },
  other_master_key: {},
  unknown_table: { line: 'N', table: 'x' },
  missing_table: { table: 'x' },
  truncated: { line: 'N' },
  unreadable_line: { line: 'N' },
  unknown_column: { line: 'N', table: 't', column: 'x' },
  wrong_value: { line: 'N', table: 't', column: 'x' },
  out_of_order: { line: 'N', table: 't', after: 'u' },
  repeated: { from: 'M', to: 'N' },
  damaged: {},
  after_end: { line: 'N' },
  not_empty: {},
  other_file: { line: 'N' },
  restoring: {},
  restore_begun: {},
  contended: {},
} satisfies Record<ImportRefusal['reason'], object>

const documented = page('docs/export.md').replaceAll('\\|', '|')

test.each(Object.entries(REFUSALS))('%s is told in the sentence that is documented', (reason, evidence) => {
  const outcome = importRefused({ reason, ...evidence } as unknown as ImportRefusal, 'FILE')
  if (outcome.type !== 'refused') throw new Error('it is no refusal')
  expect(documented).toContain(`| \`${reason}\``)
  for (const sentence of outcome.sentences) expect(documented).toContain(sentence)
})
