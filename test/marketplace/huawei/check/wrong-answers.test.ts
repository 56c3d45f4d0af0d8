import { describe, expect, it } from 'vitest'
import { legacyCrypto } from '../../../../src/crypto/legacy.ts'
import { encryptSensitive } from '../../../../src/marketplace/huawei/sensitive.ts'
import { ambient } from '../../../../src/runtime/ambient.ts'
import { type Habits, MODEL_KEY, works } from '../../../support/model-seller.ts'
import { FAMILIES, judged, named } from './kit.ts'

const TOKEN = ['license-1', 'saas-1', 'kit-1']
const NONCE = ['license-2', 'online-license', 'saas-2', 'kit-2', 'order-notice']
const ALL = FAMILIES
const WITH_ACTIVITY = ALL.filter((family) => !family.startsWith('kit'))

const of = (families: readonly string[], ...scenes: string[]) =>
  families.flatMap((family) => scenes.map((scene) => `${family}/${scene}`)).sort()

async function found(changed: Partial<Habits>, families = ALL) {
  const report = await judged(changed, { families })
  return { fail: [...named(report, 'fail')].sort(), advice: [...named(report, 'advice')].sort() }
}

/** The model works, but this activity is answered otherwise. */
const instead = (
  activity: string,
  members: (fields: Record<string, unknown>) => object,
): Partial<Habits> => ({
  works: (call, name) => (name === activity ? members({ ...call.fields }) : works(call, name)),
})

/** Scenes that are judged as the first case is. */
const LEAD = ['again', 'unknown-member']
const QUERIES = ['queryInstance', 'queryInstance-several']
const NONCE_LEAD = [...LEAD, 'charset', 'lower-case']

describe('a server that looks at too little fails exactly where it does', () => {
  it.each<[string, Partial<Habits>, string[], string[]]>([
    ['the signature', { believes: () => true }, of(ALL, 'forged', 'altered', 'unsigned'), []],
    ['the age of a call', { isFresh: () => true }, of(NONCE, 'stale'), of(TOKEN, 'stale')],
    ['the nonce', { forgets: true }, [], of(NONCE, 'nonce-again')],
    ['mandatory members', { lacks: () => false }, of(ALL, 'missing'), []],
    ['the activity', { knows: () => true }, of(WITH_ACTIVITY, 'unknown-activity'), []],
  ])('%s', async (_what, changed, fail, advice) => {
    expect(await found(changed)).toEqual({ fail, advice })
  })
})

describe('a server without an activity', () => {
  it.each([
    ['upgradeInstance', 'saas-2'],
    ['changeInstanceCheck', 'saas-2'],
    ['upgrade', 'saas-1'],
    ['expireLicense', 'license-1'],
  ])('passes with advice where not every product needs it: %s', async (activity, family) => {
    const knows = (name: string) => name !== activity && name !== 'checkNoActivity'
    expect(await found({ knows }, [family])).toEqual({ fail: [], advice: of([family], activity) })
  })

  it.each([
    ['releaseLicense', 'license-1', ['releaseLicense']],
    ['releaseLicenseCode', 'license-2', ['releaseLicenseCode', 'releaseLicenseCode-order']],
    ['instanceStatus', 'saas-1', ['instanceStatus-FREEZE', 'instanceStatus-NORMAL']],
    [
      'getLicenseAsync',
      'online-license',
      ['getLicenseAsync', 'getLicenseAsync-bare', 'getLicenseAsync-long-fingerprint'],
    ],
    ['queryInstance', 'saas-2', ['queryInstance', 'queryInstance-several']],
    ['authSync', 'kit-2', ['authSync']],
  ])('fails where every product needs it: %s', async (activity, family, scenes) => {
    const knows = (name: string) => name !== activity && name !== 'checkNoActivity'
    expect(await found({ knows }, [family])).toEqual({ fail: of([family], ...scenes), advice: [] })
  })
})

describe('members of an answer', () => {
  const sale = ['getLicense-period', 'getLicense-once', ...LEAD]
  it.each<[string, string, Partial<Habits>, string[]]>([
    ['no license', 'license-1', instead('getLicense', () => ({ instanceId: 'i' })), sale],
    [
      'a license that is empty',
      'license-1',
      instead('getLicense', () => ({ instanceId: 'i', license: '' })),
      sale,
    ],
    ['a sale without an instance', 'license-1', instead('getLicense', () => ({ license: 'L' })), sale],
    [
      'an instance id of 65 characters',
      'license-1',
      instead('getLicense', () => ({ license: 'L', instanceId: 'i'.repeat(65) })),
      sale,
    ],
    ['no instance in the list', 'saas-2', instead('queryInstance', () => ({ info: [] })), QUERIES],
    ['no list of instances', 'saas-2', instead('queryInstance', () => ({})), QUERIES],
    ['an instance without its id', 'saas-2', instead('queryInstance', () => ({ info: [{}] })), QUERIES],
    [
      'usage without its time',
      'saas-2',
      instead('queryInstance', () => ({ info: [{ instanceId: 'i', usageInfo: { usageValue: 1 } }] })),
      QUERIES,
    ],
    [
      'no page for the buyer',
      'saas-1',
      instead('newInstance', () => ({ instanceId: 'i', appInfo: {} })),
      ['newInstance-period', 'newInstance-once', ...LEAD],
    ],
    [
      'a user name in plain text',
      'saas-1',
      instead('newInstance', () => ({
        instanceId: 'i',
        encryptType: '1',
        appInfo: { frontEndUrl: 'https://m.example.com', userName: 'buyer' },
      })),
      ['newInstance-period', 'newInstance-once', ...LEAD],
    ],
  ])('%s fails', async (_what, family, changed, scenes) => {
    expect(await found(changed, [family])).toEqual({ fail: of([family], ...scenes), advice: [] })
  })

  it('an opening without an instance fails wherever one is opened', async () => {
    const { fail } = await found(
      instead('newInstance', () => ({})),
      ['saas-2'],
    )
    const mocks = fail.filter((scene) => scene.startsWith('saas-2/newInstance-MOCK'))
    expect(mocks).toHaveLength(5)
    expect(fail.filter((scene) => !mocks.includes(scene))).toEqual(
      of(['saas-2'], 'newInstance', ...NONCE_LEAD),
    )
  })

  it.each(['1', '2'] as const)('a user name encrypted as encryptType %s passes', async (encryptType) => {
    const key = new TextEncoder().encode(MODEL_KEY)
    const userName = encryptSensitive(legacyCrypto, encryptType, key, 'buyer', ambient.random)
    const appInfo = { frontEndUrl: 'https://m.example.com', userName }
    const changed = instead('newInstance', () => ({ instanceId: 'i', encryptType, appInfo }))
    expect(await found(changed, ['saas-1'])).toEqual({ fail: [], advice: [] })
  })

  it('usage with its value and time passes', async () => {
    const usageInfo = [{ usageValue: 1, statisticalTime: '20260101T000000Z' }]
    const changed = instead('queryInstance', () => ({ info: [{ instanceId: 'i', usageInfo }] }))
    expect(await found(changed, ['saas-2'])).toEqual({ fail: [], advice: [] })
  })

  it('another license for the same bytes is advice: a real order would have two', async () => {
    let made = 0
    const changed = instead('getLicense', () => ({ instanceId: 'i', license: `license ${made++}` }))
    expect(await found(changed, ['license-1'])).toEqual({ fail: [], advice: of(['license-1'], 'same-bytes') })
  })
})
