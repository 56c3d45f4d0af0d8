import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { createConfiguration } from '../../src/authority/configuration.ts'
import { issueCode } from '../../src/authority/issue.ts'
import { revokeKey } from '../../src/authority/keys/revoke.ts'
import { operate, sellDirectly } from '../../src/authority/operate.ts'
import { validate } from '../../src/authority/validate.ts'
import { toHex } from '../../src/format/bytes.ts'
import { bindDevice, encodeLicenseCode, writeLicenseCode } from '../../src/format/license-code.ts'
import { readLicenseText, writeLicenseText } from '../../src/format/license-text.ts'
import { developmentRootFile } from '../../src/runtime/development-root.ts'
import { verifySync } from '../../src/verify/node.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk, withStore } from './desk.ts'

const OPERATOR = { who: 'operator', reason: null }

let desk: Desk
/** The instance as it was before its key for codes was revoked; to a thief it is so for ever. */
let before: Authority
/** The same after another key took over. */
let after: Authority
let manifests: readonly string[]
beforeAll(async () => {
  desk = await openDesk()
  before = await asItIs()
  after = desk.authority
  await revokeCodesKey()
  manifests = await after.store.manifests()
})
afterAll(() => desk.close())

async function asItIs(): Promise<Authority> {
  const { store, crypto, sealing } = desk.authority
  const [keys, chain] = [await store.keys(), await store.manifests()]
  const kept = withStore(desk.authority, { keys: async () => keys, manifests: async () => chain })
  const noneRetired = { all: () => new Set<string>(), add: () => undefined, withdraw: () => undefined }
  return { ...kept, configuration: createConfiguration(kept.store, crypto, sealing, noneRetired) }
}

async function revokeCodesKey(): Promise<void> {
  const { store, sealing } = after
  const { kid } = (await store.keys()).find(({ usage }) => usage === 'codes')!
  const root = (await developmentRootFile(desk.config, store, sealing)).open()
  const order = { by: OPERATOR, dryRun: false }
  const done = await revokeKey(after, { kid, at: NOON, reason: 'leaked' }, root, order)
  if (!done.ok) throw new Error(done.no.reason)
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
  const done = await sellDirectly(before, sale, OPERATOR)
  if (!done.ok) throw new Error(done.no.reason)
  return { id: done.value.license.id, text: done.value.text! }
}

function codeIn(text: string) {
  const read = readLicenseText(text, desk.authority.crypto.sha256)
  if (!read.ok) throw new Error(read.reason)
  return read.code
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

  describe('that was not issued here', () => {
    const alarms = async () =>
      (await desk.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 100)).map(({ alert }) => alert)

    /** What a thief makes who has the key. */
    async function forged(binding: string | null = null): Promise<string> {
      const license = (await desk.authority.store.byId(sold.id))!
      if (license.status !== 'active') throw new Error(license.status)
      const { keyring } = await before.configuration.current(desk.clock.now())
      const terms = { ...license.terms, seats: 9, binding }
      const made = await issueCode(desk.authority, keyring, { license: sold.id, revision: 1, terms }, NOON)
      if (!made.ok) throw new Error(made.no.reason)
      return made.value.text
    }

    test('is handed nothing, and is an alarm', async () => {
      await reissue()
      const earlier = (await alarms()).length
      const text = await forged()
      expect(await ask(text)).toEqual(REVOKED)
      const raised = (await alarms()).slice(earlier)
      expect(raised).toMatchObject([{ kind: 'not_issued', detail: { license: sold.id, revision: 1 } }])
      await ask(text)
      expect(await alarms()).toHaveLength(earlier + 1)
    })

    test('is an alarm too when it is bound to a device that is not told', async () => {
      const earlier = (await alarms()).length
      expect(await ask(await forged('00112233445566778899'))).toEqual(REVOKED)
      expect(await alarms()).toHaveLength(earlier + 1)
    })

    test('and that the key did not sign either is none: anybody could make it up', async () => {
      const earlier = (await alarms()).length
      const { keyring } = await before.configuration.current(desk.clock.now())
      const { value: code, signature } = codeIn(await forged())
      const altered = writeLicenseCode(
        encodeLicenseCode({ ...code, seats: 10 }),
        signature,
        desk.authority.crypto.sha256,
      )
      const text = writeLicenseText(altered, keyring.certificatesOf(code.kid))
      expect(await ask(text)).toEqual(REVOKED)
      expect(await alarms()).toHaveLength(earlier)
    })

    test('and was issued by nobody is told no more than one that was, but for its successor', async () => {
      await reissue(true)
      expect(await ask(await forged())).toEqual(await ask(sold.text))
    })
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
