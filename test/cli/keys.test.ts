import { describe, expect, it } from 'vitest'
import { DAY, emptyStage } from './stage.ts'

describe('licet keys list', () => {
  it('shows each key, its window, and how long it may still sign', async () => {
    const { licet, pass } = emptyStage()
    const made = (await licet('init', '--json')).json()
    pass(66 * DAY)
    const { items, rootVersion, developmentRoot } = (await licet('keys', 'list', '--json')).json()
    expect({ rootVersion, developmentRoot }).toEqual({ rootVersion: 1, developmentRoot: true })
    expect(items.map(({ kid }: { kid: string }) => kid).sort()).toEqual(
      made.keys.map(({ kid }: { kid: string }) => kid).sort(),
    )
    for (const key of items) {
      expect(key.windows).toEqual([{ from: '2026-03-01T00:00:00Z', to: '2027-03-02T00:00:00Z' }])
      expect(key).toMatchObject({ status: 'active', daysLeft: 300 })
    }
    const { out } = await licet('keys', 'list')
    expect(out).toContain('2026-03-01T00:00:00Z to 2027-03-02T00:00:00Z')
    expect(out).toContain('a development root, whose private key lies on this machine')
  })

  it('shows no days for a window that is over', async () => {
    const { licet, pass } = emptyStage()
    await licet('init')
    pass(367 * DAY)
    for (const { daysLeft } of (await licet('keys', 'list', '--json')).json().items) expect(daysLeft).toBe(0)
  })

  it('shows nothing private', async () => {
    const { licet, inside } = emptyStage()
    await licet('init')
    const sealed = await inside(async ({ store }) => (await store.keys()).map((key) => key.sealed))
    const { out } = await licet('keys', 'list', '--json')
    expect(sealed).toHaveLength(3)
    for (const secret of sealed) expect(out).not.toContain(secret)
  })
})
