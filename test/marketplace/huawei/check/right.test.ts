import { describe, expect, it } from 'vitest'
import { check, checked, FAMILIES, LOCAL, named, seller } from './kit.ts'

describe('a server that does what the documents say', () => {
  it('passes every scene of every family', async () => {
    const report = await checked({})
    expect(named(report, 'fail')).toEqual([])
    expect(named(report, 'unplayed')).toEqual([])
    expect(named(report, 'advice')).toEqual(LOCAL)
    expect(report.hints).toEqual([])
  })

  it.each(FAMILIES)('passes with %s alone, which is all that is played', async (family) => {
    const report = await checked({}, { families: [family] })
    expect(named(report, 'fail')).toEqual([])
    expect([...new Set(report.scenes.map((scene) => scene.family))]).toEqual(['address', family])
  })

  it('gets nothing but test calls, and no order or instance that somebody could have', async () => {
    const { url, received } = await seller()
    await check(url)
    expect(received.length).toBeGreaterThan(100)
    for (const { fields } of received) {
      expect(String(fields.testFlag)).toBe('1')
      for (const { orderId } of (fields.orderInfo ?? []) as { orderId: string }[])
        expect(orderId).toMatch(/^CHECK/)
      for (const name of ['orderId', 'instanceId', 'license', 'eventId'])
        expect(String(fields[name] ?? 'CHECK')).toMatch(/^$|check|MOCK/i)
    }
  })

  it('is played with other names and nonces the next time', async () => {
    const { url, received } = await seller()
    await check(url, { families: ['license-2'] })
    const first = received.map(({ body }) => body)
    await check(url, { families: ['license-2'] })
    const second = received.slice(first.length).map(({ body }) => body)
    expect(second.filter((body) => first.includes(body))).toEqual([])
  })
})

describe('the scenes', () => {
  it('have a name of their own in their family, two titles, a reason and a consequence', async () => {
    const { scenes } = await checked({})
    const names = scenes.map(({ family, scene }) => `${family}/${scene}`)
    expect(new Set(names).size).toBe(names.length)
    for (const { title, why, otherwise } of scenes) {
      expect(title.zh).toMatch(/[\u4e00-\u9fff]/)
      for (const text of [title.en, why, otherwise]) expect(text).not.toBe('')
    }
  })
})
