import { afterAll, beforeAll, expect, test } from 'vitest'
import { revokeKey } from '../../src/authority/keys/revoke.ts'
import { rotateKey } from '../../src/authority/keys/rotate.ts'
import { developmentRootFile } from '../../src/runtime/development-root.ts'
import { verifySync } from '../../src/verify/node.ts'
import { NOON } from '../support/instance.ts'
import { applyingAt } from './applying.ts'
import { type Market, openMarket } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

test('a device whose code was signed by a key that is revoked is handed one of the next key', async () => {
  const { authority, config } = market
  const { store, sealing } = authority
  const { instance } = await market.opens()
  await market.learn()
  const desk = applyingAt(market)
  await desk.apply(instance, { eventId: 'EV-1' })
  await market.learn()
  const text = desk.uploaded('EV-1')

  const { kid } = (await store.keys()).find(({ usage }) => usage === 'codes')!
  const root = (await developmentRootFile(config, store, sealing)).open()
  const order = { by: { who: 'operator', reason: null }, dryRun: false }
  const done = await revokeKey(authority, { kid, at: NOON, reason: 'leaked' }, root, order)
  expect(done).toMatchObject({ ok: true })
  authority.configuration.forget()

  const answer = await market.ask(text, { fingerprint: 'laptop' })
  expect(answer).toMatchObject({ valid: false, reason: 'key_revoked', license: null, statement: null })
  const shipped = `[${(await store.manifests()).join(',')}]`
  const verdict = (sent: string, device: string) => verifySync(sent, shipped, { now: NOON, device })
  expect(verdict(text, 'laptop')).toMatchObject({ reason: 'key_revoked' })
  expect(verdict(answer.currentCode!, 'laptop')).toMatchObject({ valid: true, license: { bound: true } })
  expect(verdict(answer.currentCode!, 'desktop')).toMatchObject({ reason: 'wrong_device' })
  expect((await market.ask(text, { fingerprint: 'laptop' })).currentCode).toBe(answer.currentCode)
  expect((await market.ask(text, { fingerprint: 'desktop' })).currentCode).toBeUndefined()
  expect(await market.ask(answer.currentCode!, { fingerprint: 'laptop' })).toMatchObject({ valid: true })
})

test("a text for any device, of a key that is revoked, is followed by the license's own of another key", async () => {
  const { authority, config } = market
  const { store, sealing } = authority
  const { instance } = await market.opens()
  await market.learn()
  const root = (await developmentRootFile(config, store, sealing)).open()
  const order = { by: { who: 'operator', reason: null }, dryRun: false }
  const rotated = await rotateKey(authority, 'codes', [root!], order)
  if (!rotated.ok) throw new Error(rotated.no.reason)
  authority.configuration.forget()
  const desk = applyingAt(market)
  await desk.apply(instance, { eventId: 'EV-2', deviceFingerprint: undefined })
  await market.learn()
  const text = desk.uploaded('EV-2')
  expect((await market.ask(text)).currentCode).toBeUndefined()

  const revoked = { kid: rotated.value.kid!, at: NOON, reason: 'leaked' }
  expect(await revokeKey(authority, revoked, root, order)).toMatchObject({ ok: true })
  authority.configuration.forget()

  const answer = await market.ask(text)
  expect(answer).toMatchObject({ valid: false, reason: 'key_revoked', license: null, statement: null })
  const shipped = `[${(await store.manifests()).join(',')}]`
  expect(verifySync(answer.currentCode!, shipped, { now: NOON })).toMatchObject({ valid: true })
  expect((await market.ask(answer.currentCode!)).currentCode).toBeUndefined()
})
