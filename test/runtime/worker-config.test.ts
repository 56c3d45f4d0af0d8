import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readWorkerConfig } from '../../src/runtime/worker-config.ts'
import { COMPATIBILITY_DATE } from '../support/d1.ts'

const KEY = 'A'.repeat(43)
const GOOD = { LICET_PUBLIC_URL: 'https://licet.example/', LICET_MASTER_KEY: KEY }

const read = (over: Record<string, unknown> = {}) => readWorkerConfig({ ...GOOD, ...over })

describe('the variables of a Worker', () => {
  it('are enough with an address and a master key', () => {
    expect(read()).toEqual({
      ok: true,
      config: {
        publicUrl: 'https://licet.example',
        masterKeys: { current: KEY, previous: null },
        alertUrl: null,
        retiredKeys: new Set(),
      },
    })
  })

  it('take a master key as wrangler was piped it, and two while it is changed', () => {
    expect(read({ LICET_MASTER_KEY: `${KEY}\n` })).toMatchObject({ ok: true })
    const other = `B${'A'.repeat(42)}`
    const masterKeys = { current: other, previous: KEY }
    expect(read({ LICET_MASTER_KEY: `${other},${KEY}` })).toMatchObject({ config: { masterKeys } })
  })

  it('name the keys that ended', () => {
    const retiredKeys = new Set(['0a1b2c3d', 'ffffffff'])
    expect(read({ LICET_RETIRED_KEYS: '0a1b2c3d, ffffffff' })).toMatchObject({ config: { retiredKeys } })
  })

  it.each([
    ['LICET_PUBLIC_URL', undefined],
    ['LICET_PUBLIC_URL', 'licet.example'],
    ['LICET_MASTER_KEY', undefined],
    ['LICET_MASTER_KEY', 'not-32-bytes'],
    ['LICET_MASTER_KEY', `${KEY},${KEY},${KEY}`],
    ['LICET_ALERT_URL', 'mailto:support'],
    ['LICET_LOG_LEVEL', 'loud'],
    ['LICET_RETIRED_KEYS', '0a1b2c3'],
  ])('%s = %s is a fault that names the variable and not the value', (name, value) => {
    const faulty = read({ [name]: value })
    const faults = faulty.ok ? [] : faulty.faults
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(name)
    if (value !== undefined) expect(faults[0]).not.toContain(value)
  })

  it('are reported with all their faults together', () => {
    const faulty = readWorkerConfig({ LICET_LOG_LEVEL: 'loud' })
    expect(faulty.ok ? [] : faulty.faults).toHaveLength(3)
  })
})

describe('wrangler.toml', () => {
  const text = readFileSync(new URL('../../wrangler.toml', import.meta.url), 'utf8')
  const section = (name: string) => text.split(/^\[+/m).find((part) => part.startsWith(`${name}]`))

  it('lets the platform keep no line of its own, which would hold query strings with names of customers', () => {
    expect(section('observability.logs')).toMatch(/^invocation_logs = false$/m)
  })

  it('asks for the behaviour that the tests run on', () => {
    expect(text).toContain(`compatibility_date = "${COMPATIBILITY_DATE}"`)
    expect(text).toContain('compatibility_flags = ["nodejs_compat"]')
  })

  it('holds no secret', () => {
    expect(text).not.toMatch(/^\s*(LICET_MASTER_KEY|LICET_OPERATOR_TOKEN)\s*=/m)
  })
})
