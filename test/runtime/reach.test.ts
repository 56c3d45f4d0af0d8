import { describe, expect, it } from 'vitest'
import { Unreadable } from '../../src/cli/shell.ts'
import { isOperatorToken, readConfig } from '../../src/runtime/config.ts'
import { isWorkerUrl } from '../../src/runtime/open-store.ts'
import { nodeShell } from '../../src/runtime/shell.ts'

const TOKEN = 'operator-token-of-the-tests-000001'

describe('the URL of a Worker', () => {
  it.each([
    'https://licet.example',
    'https://licet.example/',
    'https://licet.example:8443',
    'http://localhost:8787',
    'http://127.0.0.1:8787',
    'http://[::1]:8787',
  ])('may be %s', (url) => {
    expect(isWorkerUrl(url)).toBe(true)
  })

  it.each([
    'http://licet.example',
    'http://127.0.0.1.example',
    'http://localhost.example',
    'https://name@licet.example',
    'https://licet.example/?token=1',
    'ftp://licet.example',
    'licet.example',
    '',
  ])('is never "%s"', (url) => {
    expect(isWorkerUrl(url)).toBe(false)
  })

  it('is no LICET_DATABASE_URL: nobody serves from there', () => {
    expect(readConfig({ LICET_DATABASE_URL: 'https://licet.example' })).toMatchObject({ ok: false })
  })
})

describe('an operator token', () => {
  it.each([
    [TOKEN, true],
    ['x'.repeat(32), true],
    ['x'.repeat(31), false],
    [`${TOKEN} `, false],
    [`${TOKEN}é`, false],
    [`${TOKEN}\n`, false],
  ])('%j: %s', (token, holds) => {
    expect(isOperatorToken(token)).toBe(holds)
  })

  it('that is none is a fault of the configuration, which does not repeat it', () => {
    const read = readConfig({ LICET_OPERATOR_TOKEN: 'too-short' })
    const faults = read.ok ? '' : read.faults.join()
    expect(faults).toContain('LICET_OPERATOR_TOKEN')
    expect(faults).not.toContain('too-short')
  })
})

describe('reaching a Worker', () => {
  const shell = (environment = {}) => nodeShell(readConfig({ LICET_DATA: './nowhere', ...environment }))

  it('is noted, and makes its address the one that is shown', () => {
    const one = shell()
    expect([one.reached, one.isPublic]).toEqual([null, false])
    one.reach('https://licet.example', TOKEN)
    expect([one.reached, one.isPublic]).toEqual(['https://licet.example', true])
  })

  it('is refused for a URL or a token that cannot be one, and the token is not repeated', () => {
    expect(() => shell().reach('http://licet.example', TOKEN)).toThrow(Unreadable)
    expect(() => shell().reach('https://licet.example', 'too-short')).toThrow(Unreadable)
    expect(() => shell().reach('https://licet.example', 'too-short')).not.toThrow(/too-short/)
  })

  it('does not change a master key that the Worker has not got', async () => {
    const one = shell()
    one.reach('https://licet.example', TOKEN)
    const order = { dryRun: false, by: { who: 'operator', reason: null }, progress: () => undefined }
    await expect(one.reseal(order)).rejects.toThrow('NEW,OLD')
  })
})
