import { describe, expect, test } from 'vitest'
import { type LicenseFile, readLicenseFile, writeLicenseFile } from '../../src/format/license-file.ts'
import { LICENSE_FILE_CHARACTERS } from '../../src/format/limits.ts'
import { sha256, vectors } from './kit.ts'

const { good, bad } = vectors<{
  good: { name: string; text: string; file: LicenseFile }[]
  bad: { name: string; text: string; line: number; why: string }[]
}>('license-file')

describe('a license file', () => {
  test.each(good)('is read: $name', ({ text, file }) => {
    expect(readLicenseFile(text, sha256)).toEqual({ ok: true, file })
  })

  test.each(bad)('is broken in a line: $name', ({ text, line, why }) => {
    expect(readLicenseFile(text, sha256)).toEqual({ ok: false, line, why })
  })

  test.each(good)('is written so that it reads the same: $name', ({ file }) => {
    const text = writeLicenseFile(file)
    expect(readLicenseFile(text, sha256)).toEqual({ ok: true, file })
    expect(text === '' || text.endsWith('\n')).toBe(true)
  })

  test('that is too long has no line to blame', () => {
    const comment = `#${'x'.repeat(LICENSE_FILE_CHARACTERS - 1)}`
    expect(readLicenseFile(comment, sha256).ok).toBe(true)
    expect(readLicenseFile(`${comment}\n`, sha256)).toEqual({ ok: false, line: 0, why: 'malformed' })
  })

  test('of many blanks is read in time', () => {
    const blanks = ' '.repeat(4_000_000)
    expect(readLicenseFile(`${blanks}x${blanks}`, sha256)).toMatchObject({ line: 1 })
    expect(readLicenseFile('\n'.repeat(4_000_000), sha256).ok).toBe(true)
  })
})
