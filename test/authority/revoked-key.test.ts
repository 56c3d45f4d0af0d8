import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { createConfiguration, DEVELOPMENT_ROOT } from '../../src/authority/configuration.ts'
import { developmentRootPurpose, foundOn } from '../../src/authority/found.ts'
import { issueCode } from '../../src/authority/issue.ts'
import { operate, sellDirectly } from '../../src/authority/operate.ts'
import { validate } from '../../src/authority/validate.ts'
import { toHex } from '../../src/format/bytes.ts'
import { bindDevice } from '../../src/format/license-code.ts'
import {
  manifestSigned,
  readManifest,
  writeManifest,
  writeManifestPayload,
} from '../../src/format/root-manifest.ts'
import { filesOf } from '../../src/runtime/files.ts'
import { verifySync } from '../../src/verify/node.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk, withStore } from './desk.ts'

const OPERATOR = { who: 'operator', reason: null }

let desk: Desk
/** The same instance after its key for codes was revoked and another took over. */
let after: Authority
let manifests: readonly string[]
beforeAll(async () => {
  desk = await openDesk()
  after = await afterRevocation()
})
afterAll(() => desk.close())

async function afterRevocation(): Promise<Authority> {
  const { store, crypto, sealing } = desk.authority
  const rootKid = (await store.setting(DEVELOPMENT_ROOT))!
  const sealed = readFileSync(filesOf(desk.config).developmentRoot, 'utf8').trim()
  const privateKey = sealing.open(developmentRootPurpose(rootKid), sealed)
  const [manifest] = await store.manifests()
  const first = readManifest(manifest!, crypto.sha256)!.manifest
  const { publicKey } = first.keys[0]!
  const root = { kid: rootKid, publicKey, privateKey, manifest: manifest! }

  const keys = await store.keys()
  const leaked = keys.find(({ usage }) => usage === 'codes')!
  const leakedKey = Buffer.from(leaked.publicKey, 'base64url')
  const revoked = [{ kid: leaked.kid, publicKey: leakedKey, at: NOON, reason: 'leaked' }]
  const payload = writeManifestPayload({ ...first, version: 2, revoked, issuedAt: NOON })
  const signature = crypto.signer(privateKey, publicKey).sign(manifestSigned(rootKid, payload))
  manifests = [manifest!, writeManifest(payload, [{ kid: rootKid, signature }])]

  const successor = foundOn(root, crypto, sealing, NOON).keys.find(({ usage }) => usage === 'codes')!
  const now = keys.map((key) => (key === leaked ? { ...key, status: 'revoked' as const } : key))
  const rotated = withStore(desk.authority, {
    keys: async () => [...now, successor],
    manifests: async () => manifests,
  })
  return { ...rotated, configuration: createConfiguration(rotated.store, crypto, sealing) }
}

async function ask(text: string, fingerprint: string | null = null) {
  const snapshot = await after.configuration.current(desk.clock.now())
  const result = await validate(after, snapshot, { text, fingerprint, nonce: null })
  return result.type === 'answer' ? result.answer : result
}

const REVOKED = {
  valid: false,
  standing: null,
  reason: 'key_revoked',
  license: null,
  statement: null,
  certificates: expect.any(Array),
}

let sold: { id: string; text: string }
beforeEach(async () => {
  sold = await sell(null)
})

async function sell(fingerprint: string | null) {
  const bound = fingerprint === null ? null : bindDevice(fingerprint, desk.authority.crypto.sha256)
  const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false }
  const binding = bound && toHex(bound.subarray(0, 10))
  const sale = { ...terms, binding, paidUntil: NOON + 30 * DAY, instance: null, order: null, customer: null }
  const done = await sellDirectly(desk.authority, sale, OPERATOR)
  if (!done.ok) throw new Error(done.no.reason)
  return { id: done.value.license.id, text: done.value.text! }
}

const reissue = (leaked = false) => operate(after, { id: sold.id }, { type: 'reissue', leaked }, OPERATOR)

describe('a code of a revoked key', () => {
  test('is refused, whatever its date', async () => {
    expect(await ask(sold.text)).toEqual(REVOKED)
  })

  test('that was issued here is handed its successor, which holds under the new manifest', async () => {
    expect(await reissue()).toMatchObject({ ok: true })
    const answer = await ask(sold.text)
    expect(answer).toEqual({ ...REVOKED, currentCode: expect.any(String) })
    const { currentCode } = answer as { currentCode: string }
    expect(verifySync(currentCode, manifests, { now: NOON })).toMatchObject({
      valid: true,
      license: { id: sold.id, revision: 2 },
    })
    expect(await ask(currentCode)).toMatchObject({ valid: true, license: { id: sold.id } })
  })

  test('that was not issued here is handed nothing', async () => {
    await reissue()
    const license = (await desk.authority.store.byId(sold.id))!
    if (license.status !== 'active') throw new Error(license.status)
    const { keyring } = await desk.authority.configuration.current(desk.clock.now())
    const forged = issueCode(
      desk.authority,
      keyring,
      { license: sold.id, revision: 1, terms: { ...license.terms, seats: 9 } },
      NOON,
    )
    expect(forged).toMatchObject({ ok: true })
    expect(await ask(forged.ok ? forged.value.text : '')).toEqual(REVOKED)
  })

  test('is handed nothing while the license is frozen, or once it is released', async () => {
    await reissue()
    await operate(after, { id: sold.id }, { type: 'freeze', cause: 'operator' }, OPERATOR)
    expect(await ask(sold.text)).toEqual(REVOKED)
    await operate(after, { id: sold.id }, { type: 'release' }, OPERATOR)
    expect(await ask(sold.text)).toEqual(REVOKED)
  })

  test('is handed nothing below the hand-over floor', async () => {
    await reissue(true)
    expect(await ask(sold.text)).toEqual(REVOKED)
  })

  test('bound to a device is handed its successor on that device alone', async () => {
    sold = await sell('laptop')
    await reissue()
    expect(await ask(sold.text, 'desktop')).toEqual(REVOKED)
    expect(await ask(sold.text)).toEqual(REVOKED)
    expect(await ask(sold.text, 'laptop')).toEqual({ ...REVOKED, currentCode: expect.any(String) })
  })
})

test('what is stated from then on names the newer manifest', async () => {
  await reissue()
  const { currentCode } = (await ask(sold.text)) as { currentCode: string }
  const { statement } = (await ask(currentCode)) as { statement: string }
  const claims = JSON.parse(Buffer.from(statement.split('.')[1]!, 'base64url').toString())
  expect(claims).toMatchObject({ root: 2, rev: 2 })
})
