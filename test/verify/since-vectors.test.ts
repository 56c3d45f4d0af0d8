import { describe, expect, test } from 'vitest'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'
import { outcomeOf, SINCE_CASES } from './verdict-cases.ts'

describe.each(ENTRY_NAMES)('With what was met since, through %s,', (name) => {
  const entry = ENTRIES[name]

  test.each(SINCE_CASES)('$name', async ({ text, trust, options, expected }) => {
    const verdict = await entry.verify(text, trust, options)
    expect(outcomeOf(verdict)).toEqual(expected)
    if ('verifySync' in entry) expect(entry.verifySync(text, trust, options)).toEqual(verdict)
  })
})
