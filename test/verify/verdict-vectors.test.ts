import { describe, expect, test } from 'vitest'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'
import { VERDICT_CASES, validityOf } from './verdict-cases.ts'

describe.each(ENTRY_NAMES)('The verdict through %s', (name) => {
  const entry = ENTRIES[name]

  test.each(VERDICT_CASES)('$name', async ({ text, trust, options, expected }) => {
    const verdict = await entry.verify(text, trust, options)
    expect(validityOf(verdict)).toEqual(expected)
    if ('verifySync' in entry) expect(entry.verifySync(text, trust, options)).toEqual(verdict)
  })
})
