import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Verdict, verifySync } from '../../src/verify/node.ts'
import { purchase, type Shop, shop } from '../support/shop.ts'

interface Key {
  readonly kid: string
  readonly usage: string
  readonly status: string
  readonly privatePart: string
}

const now = (): number => Math.floor(Date.now() / 1000)

describe('a rotation under a running server', () => {
  let seller: Shop
  beforeAll(async () => {
    seller = await shop()
  })
  afterAll(() => seller.remove())

  it('is seen within two seconds, and software of day 0 believes the codes from before and after', async () => {
    const pinned = readFileSync(join(seller.data, 'root-manifests.json'), 'utf8')
    const { server, huawei } = await seller.open()
    const buy = async (order: string): Promise<Verdict> => {
      const sold = await huawei.getLicense(purchase(order))
      return verifySync(JSON.parse(sold.body).license, pinned, { now: now() })
    }
    const before = await buy('CS-before')
    const rotated = await seller.run('keys', 'rotate', '--reason', 'yearly')
    expect(rotated.stderr).toBe('')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const after = await buy('CS-after')
    expect([before.valid, after.valid]).toEqual([true, true])
    expect(after.license?.kid).not.toBe(before.license?.kid)
    expect(rotated.stdout).toContain(`key ${after.license?.kid} signs from now on`)
    expect(rotated.stdout).toContain(`key ${before.license?.kid} is retired`)
    const ready = await (await fetch(`${server.url}/readyz`)).json()
    expect(ready).toMatchObject({ status: 'ok' })
  })

  it('by two people at once leaves one key that signs, and both are told what became of it', async () => {
    const before = await seller.json<{ items: readonly Key[] }>('keys', 'list')
    const rotate = () => seller.run('keys', 'rotate', '--usage', 'codes')
    const rans = await Promise.all([rotate(), rotate(), rotate()])
    expect(rans.some(({ code }) => code === 0)).toBe(true)
    for (const { code, stderr } of rans)
      expect([code, stderr]).toEqual(code === 0 ? [0, ''] : [1, expect.stringContaining('Somebody else')])
    const { items } = await seller.json<{ items: readonly Key[] }>('keys', 'list')
    const codes = items.filter(({ usage }) => usage === 'codes')
    expect(codes.filter(({ status }) => status === 'active')).toMatchObject([{ privatePart: 'here' }])
    expect(codes.filter(({ status }) => status === 'pending')).toEqual([])
    expect(codes.filter(({ privatePart }) => privatePart === 'here')).toHaveLength(1)
    expect(items.length).toBeGreaterThan(before.items.length)
  })

  it('publishes a pending key and a spare before they sign', async () => {
    const { server } = await seller.open()
    const secret = seller.file('passphrase.txt', 'a good long phrase\n')
    const spare = seller.file('unused', '').replace('unused', 'spare.key')
    const { kid: pending } = await seller.json<Key>('keys', 'add')
    const away = ['--spare', '--private-file', spare, '--passphrase-file', secret]
    const { kid: cold } = await seller.json<Key>('keys', 'add', ...away)
    await seller.run('keys', 'certify')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const published = await (await fetch(`${server.url}/v1/keys`)).json()
    const kids = published.jwks.keys.map(({ kid }: Key) => kid)
    expect(kids).toEqual(expect.arrayContaining([pending, cold]))
    expect(published.certificates).toHaveLength(kids.length)
  })
})
