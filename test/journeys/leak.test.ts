import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueCode } from '../../src/authority/issue.ts'
import { sellDirectly } from '../../src/authority/operate.ts'
import { ambient, createLog, openInstance, readConfig } from '../../src/runtime/node.ts'
import { verifySync } from '../../src/verify/node.ts'
import { metSince } from '../../src/verify/since.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { Running } from '../support/program.ts'
import { expireTime, purchase, type Shop, shop } from '../support/shop.ts'

const BIN = fileURLToPath(new URL('../../bin/licet.js', import.meta.url))
const LICENSES = 1_500
const WHY = ['--compromised-at', '2026-01-01', '--reason', 'laptop stolen']

interface Answer {
  readonly valid: boolean
  readonly reason: string | null
  readonly license: { readonly id: string; readonly revision: number } | null
  readonly statement: string | null
  readonly currentCode?: string
}

/** One day, in the order of its hours: each step begins where the one before ended. */
describe('the day a signing key leaks', { timeout: 120_000 }, () => {
  let seller: Shop
  let server: Running
  let huawei: FakeHuawei
  let alerts: Server
  const told: { kind: string; kid?: string }[] = []
  /** What shipped software pinned on day 0. */
  let dayZero: string
  let leaked: string
  /** What the thief signs before and after; never issued here. */
  let forged: string
  let forgedLater: string
  let sold: { id: string; text: string }

  const now = () => Math.floor(Date.now() / 1000)

  async function ask(code: string): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    const request = { method: 'POST', headers, body: JSON.stringify({ code }) }
    return (await (await fetch(`${server.url}/v1/validate`, request)).json()) as Answer
  }

  /** As the seller's own program would, in this process: buys much faster than a command each. */
  async function inside<T>(
    work: (opened: Awaited<ReturnType<typeof openInstance>>) => Promise<T>,
  ): Promise<T> {
    const read = readConfig({ LICET_DATA: seller.data })
    if (!read.ok) throw new Error(read.faults.join(' '))
    const opened = await openInstance(read.config, ambient, createLog('silent').log)
    return work(opened).finally(() => opened.close())
  }

  beforeAll(async () => {
    seller = await shop()
    alerts = createServer(async (request, response) => {
      told.push(JSON.parse(await textOf(request)))
      response.end()
    }).listen(0, '127.0.0.1')
    await once(alerts, 'listening')
    const url = `http://127.0.0.1:${(alerts.address() as AddressInfo).port}/`
    ;({ server, huawei } = await seller.open({ LICET_ALERT_URL: url }))
    dayZero = readFileSync(join(seller.data, 'root-manifests.json'), 'utf8')
    const bought = await huawei.getLicense(purchase('CS-LEAK'))
    sold = { id: bought.instanceId!, text: bought.license! }
    await inside(async ({ authority }) => {
      const { keyring } = await authority.configuration.current(now())
      leaked = keyring.known.find(({ usage }) => usage === 'codes')!.kid
      const license = (await authority.store.byId(sold.id))!
      if (license.status !== 'active') throw new Error(license.status)
      const terms = { ...license.terms, seats: 60_000 }
      const forge = async (license: string): Promise<string> => {
        const made = await issueCode(authority, keyring, { license, revision: 1, terms }, now())
        if (!made.ok) throw new Error(made.no.reason)
        return made.value.text
      }
      forged = await forge('feedfacefeed0001')
      forgedLater = await forge('feedfacefeed0002')
      await sellMany(authority)
    })
  })
  afterAll(async () => {
    alerts.close()
    await seller.remove()
  })

  async function sellMany(authority: Parameters<typeof sellDirectly>[0]): Promise<void> {
    const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false, binding: null }
    const sale = { ...terms, paidUntil: null, instance: null, order: null, customer: null }
    let left = LICENSES
    const worker = async () => {
      while (left-- > 0) await sellDirectly(authority, sale, { who: 'operator', reason: null })
    }
    await Promise.all(Array.from({ length: 32 }, worker))
  }

  it('begins with an alarm: a good signature on a code that was never issued', async () => {
    expect(await ask(forged)).toMatchObject({ valid: false, reason: 'not_issued', statement: null })
    await expect.poll(() => told, { timeout: 10_000 }).toMatchObject([{ kind: 'not_issued', kid: leaked }])
    expect(verifySync(forged, dayZero, { now: now() })).toMatchObject({ valid: true })
  })

  it('goes on although the revocation is killed in the middle, and signs nothing twice', async () => {
    const killed = await killedAfterProgress()
    expect(killed).toMatch(/^\d+ of \d+ licenses/)
    const running = seller.json<{ reissued: number; failed: number; manifest: number }>(
      'keys',
      'revoke',
      leaked,
      ...WHY,
    )
    const bought = await buyUntil(running)
    const again = await running
    expect(bought).toBeGreaterThan(10)
    expect(again).toMatchObject({ failed: 0, manifest: 2 })
    expect(again.reissued).toBeGreaterThan(0)
    expect(again.reissued).toBeLessThan(LICENSES + 1)
    const revisions = await inside(async ({ authority }) => {
      expect(await authority.store.countOfKey(leaked)).toBe(0)
      const { items } = await authority.store.page(null, LICENSES + 1)
      return items.map(({ revision }) => revision)
    })
    // The first ones, which were sold before the leak was known.
    expect(revisions).toEqual(Array.from({ length: LICENSES + 1 }, () => 2))
    const third = await seller.run('keys', 'revoke', leaked, ...WHY)
    expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining('was revoked before') })
  })

  /** The business goes on meanwhile: each purchase succeeds at its first try. Answers with how many there were. */
  async function buyUntil(ended: Promise<unknown>): Promise<number> {
    let [isOver, bought] = [false, 0]
    void ended.finally(() => {
      isOver = true
    })
    const buyer = async (name: string) => {
      for (let n = 0; !isOver; n++) {
        const { failure, attempts } = await huawei.getLicense(purchase(`CS-${name}-${n}`))
        expect({ failure, tries: attempts.length }).toEqual({ failure: null, tries: 1 })
        bought += 1
      }
    }
    await Promise.all(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map(buyer))
    return bought
  }

  /** Ends it by `kill -9` at its first word of progress; answers with what it said. */
  async function killedAfterProgress(): Promise<string> {
    const env = { ...process.env, LICET_DATA: seller.data }
    const child = spawn(process.execPath, [BIN, 'keys', 'revoke', leaked, ...WHY], { env })
    const [said] = (await once(child.stderr, 'data')) as [Buffer]
    child.kill('SIGKILL')
    const [code, signal] = await once(child, 'exit')
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
    return said.toString()
  }

  it('hands the new code to whoever holds one of the revoked key that was issued here', async () => {
    const answer = await ask(sold.text)
    expect(answer).toMatchObject({ valid: false, reason: 'key_revoked', license: null, statement: null })
    const current = await ask(answer.currentCode!)
    expect(current).toMatchObject({ valid: true, reason: null, license: { id: sold.id, revision: 2 } })
    expect(current).not.toHaveProperty('currentCode')
  })

  it('is over for software that meets the new manifest, and only for it', async () => {
    const { roots } = (await (await fetch(`${server.url}/v1/keys`)).json()) as { roots: object[] }
    const { currentCode } = await ask(sold.text)
    const since = metSince({ manifests: roots.map((root) => JSON.stringify(root)) })
    const met = { now: now(), since }
    for (const old of [sold.text, forged])
      expect(verifySync(old, dayZero, met)).toMatchObject({ valid: false, reason: 'key_revoked' })
    expect(verifySync(currentCode!, dayZero, met)).toMatchObject({ valid: true })
    // Software that never hears of it: the new code works, and so do the old one and the thief's.
    for (const code of [currentCode!, sold.text, forged])
      expect(verifySync(code, dayZero, { now: now() })).toMatchObject({ valid: true })
    expect(JSON.parse(readFileSync(join(seller.data, 'root-manifests.json'), 'utf8'))).toEqual(roots)
  })

  it('keeps the alarm on: the thief is refused, and what he signs is reported', async () => {
    expect(await seller.json('keys', 'list')).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ kid: leaked, status: 'revoked' })]),
    })
    const answer = await ask(forgedLater)
    expect(answer).toMatchObject({ valid: false, reason: 'key_revoked', license: null })
    expect(answer).not.toHaveProperty('currentCode')
    const license = 'feedfacefeed0002'
    const expected = [{ kid: leaked }, { kind: 'not_issued', kid: leaked, license }]
    await expect.poll(() => told, { timeout: 10_000 }).toMatchObject(expected)
  })

  it('shuts out the holder of a leaked code when the license is re-issued as leaked', async () => {
    const reissued = await seller.json<{ text: string }>('license', 'reissue', sold.id, '--leaked')
    expect(await ask(sold.text)).not.toHaveProperty('currentCode')
    expect(await ask(reissued.text)).toMatchObject({ valid: true, license: { revision: 3 } })
  })

  it('ends with a business that goes on: renewals and purchases bring codes of the new key', async () => {
    const renewal = { orderId: 'CS-LEAK-R', instanceId: sold.id, expireTime: expireTime(60) }
    const renewed = await huawei.send(huawei.caller.refreshLicense(renewal, huawei.moment()))
    expect(renewed.failure).toBeNull()
    const bought = await huawei.getLicense(purchase('CS-LEAK-2'))
    expect(await ask(bought.license!)).toMatchObject({ valid: true })
    expect(await seller.run('keys', 'history', leaked)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('laptop stolen'),
    })
    expect(await server.stop()).toBe(0)
  })
})
