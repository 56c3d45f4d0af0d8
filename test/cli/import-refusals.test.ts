import { expect, test } from 'vitest'
import type { ImportRefusal } from '../../src/authority/move/import.ts'
import { importRefused } from '../../src/cli/import-refusals.ts'
import { page } from '../support/documented.ts'

/** One of each, with the evidence that docs/export.md takes as its example. */
const REFUSALS = {
  not_an_export: {},
  compressed: {},
  newer_format: { version: 2, known: 1 },
  other_schema: { schema: 3, known: 4, program: '0.1.0' },
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
  const outcome = importRefused({ reason, ...evidence } as unknown as ImportRefusal, 'FILE', 'import')
  if (outcome.type !== 'refused') throw new Error('it is no refusal')
  expect(documented).toContain(`| \`${reason}\``)
  for (const sentence of outcome.sentences) expect(documented).toContain(sentence)
})

const sentenceOf = (refusal: ImportRefusal, command: 'import' | 'restore'): string => {
  const outcome = importRefused(refusal, 'FILE', command)
  if (outcome.type !== 'refused') throw new Error('it is no refusal')
  return outcome.sentences[0]!
}

test('a file of a newer schema asks for its program, and for no migration', () => {
  const newer = { reason: 'other_schema', schema: 5, known: 4, program: '0.3.0' } as const
  const sentence = sentenceOf(newer, 'import')
  expect(sentence).toBe('FILE is of schema 5, this program is of 4: use Licet 0.3.0.')
  expect(documented).toContain(sentence)
})

test('who restores is never sent to an import, which would raise nothing', () => {
  const older = { reason: 'other_schema', schema: 3, known: 4, program: '0.1.0' } as const
  expect(sentenceOf(older, 'restore')).toContain('run licet restore of Licet 0.1.0')
  expect(sentenceOf({ reason: 'compressed' }, 'restore')).toContain('| licet restore -')
  for (const [reason, evidence] of Object.entries(REFUSALS)) {
    const sentence = sentenceOf({ reason, ...evidence } as unknown as ImportRefusal, 'restore')
    expect(sentence).not.toContain('licet import')
  }
})
