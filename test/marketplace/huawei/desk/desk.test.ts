import { describe, expect, test } from 'vitest'
import { FAMILY_NAMES, type FamilyName } from '../../../../src/marketplace/huawei/desk/market.ts'
import { textOf } from '../../../../src/marketplace/huawei/desk/report.ts'
import { BROKEN, OK, played, RIGHT, wrongIn } from './seller.ts'

const LIVES: Readonly<Record<FamilyName, readonly string[]>> = {
  'license-1': ['getLicense', 'refreshLicense', 'expireLicense', 'releaseLicense'],
  'license-2': [
    'orderNotify',
    'refreshLicenseCode',
    'updateLicenseCodeStatus',
    'releaseLicenseCode',
    'activate',
  ],
  'online-license': [
    ...['newInstance', 'orderNotify', 'getLicenseAsync', 'refreshInstance', 'updateInstanceStatus'],
    'releaseInstance',
  ],
  'saas-1': [
    ...['newInstance', 'refreshInstance', 'upgrade', 'instanceStatus', 'expireInstance', 'releaseInstance'],
    ...['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'],
  ],
  'saas-2': [
    ...[
      'newInstance',
      'orderNotify',
      'queryInstance',
      'refreshInstance',
      'upgradeInstance',
      'changeInstanceCheck',
    ],
    ...['updateInstanceStatus', 'releaseInstance'],
    ...['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'],
  ],
}

describe.each(FAMILY_NAMES)('the tour of %s', (family) => {
  test('makes every call that the family has, and none in test', async () => {
    const one = played(RIGHT, [family], true)
    let isOver = false
    const touring = one.play('tour').then(() => {
      isOver = true
    })
    while (!isOver) await one.days(1)
    await touring
    const real = one.seen.filter(({ isTest }) => !isTest).map(({ activity }) => activity)
    expect([...new Set(real)].sort()).toEqual([...LIVES[family]].sort())
    expect(one.refusals()).toEqual([])
  })

  test('names beside each call the order that was sent with it, and no other', async () => {
    const one = played(RIGHT, [family], true)
    let isOver = false
    const touring = one.play('tour').then(() => {
      isOver = true
    })
    while (!isOver) await one.days(1)
    await touring
    const sent = one.seen
      .filter(({ activity, isTest }) => !isTest && activity !== 'activate')
      .map(({ activity, members }) => `${activity} ${members.orderId ?? ''}`)
    const told = one.events.flatMap((event) =>
      event.type === 'call' ? [`${event.activity.split(' ')[0]} ${event.about.split(' ')[1] ?? ''}`] : [],
    )
    expect(told).toEqual(sent)
  })

  test('is probed by test calls alone, each call of the marketplace among them', async () => {
    const one = played(RIGHT, [family], true)
    await one.play('probe')
    expect(one.seen.every(({ isTest }) => isTest)).toBe(true)
    const probed = new Set(one.seen.map(({ activity }) => activity))
    expect([...probed].sort()).toEqual(LIVES[family].filter((name) => name !== 'activate').sort())
    expect(one.events).toMatchObject([{ type: 'probe', failed: [] }])
  })
})

describe('at the desk', () => {
  test('a renewal of what is frozen is followed by unfreezing, where the family has it', async () => {
    const one = played(RIGHT, ['license-2'])
    await one.play('sell', 'expire 1', 'renew 1')
    expect(one.seen.slice(-2).map(({ members }) => members.scene ?? members.status)).toEqual([
      'RENEWAL',
      'UNFREEZE',
    ])
  })

  test.each([
    ['online-license', true],
    ['saas-2', false],
    ['license-2', false],
  ] as const)('a cancelled renewal of %s goes back to the end before; by the renewal’s own order: %s', async (family, own) => {
    const one = played(RIGHT, [family])
    await one.play('sell', 'renew 1', 'cancel 1')
    const [renewal, cancellation] = one.seen.slice(-2).map(({ members }) => members)
    expect(cancellation).toMatchObject({ scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' })
    expect(cancellation!.orderId === renewal!.orderId).toBe(own)
    expect(`${cancellation!.expireTime}` < `${renewal!.expireTime}`).toBe(true)
    await one.play('cancel 1')
    expect(one.refusals()).toEqual(['#1 has no renewal to cancel.'])
  })

  test('a device’s application is asked again while nothing is uploaded, and no longer than some seconds', async () => {
    const one = played(wrongIn('getLicenseAsync', { resultCode: '000004', resultMsg: 'later' }), [
      'online-license',
    ])
    await one.play('sell', 'apply 1')
    expect(one.seen.filter(({ activity }) => activity === 'getLicenseAsync')).toHaveLength(1)
    expect(one.events.at(-1)).toMatchObject({ text: expect.stringContaining('no license was uploaded') })
  })

  test.each([
    ['no front end', { ...OK, instanceId: 'i', appInfo: {} }, 'no appInfo.frontEndUrl'],
    [
      'a user name in the open',
      { ...OK, instanceId: 'i', appInfo: { frontEndUrl: 'https://x.example', userName: 'alice' } },
      'appInfo.userName is not encrypted',
    ],
  ])('a SaaS 1.0 purchase with %s fails', async (_, answer, failure) => {
    const one = played(wrongIn('newInstance', answer), ['saas-1'])
    await one.play('sell')
    expect(one.events[0]).toMatchObject({ type: 'call', attempt: { failure } })
  })

  test('what cannot happen is refused in a sentence, and nothing is sent', async () => {
    const one = played(RIGHT)
    await one.play('sell')
    const before = one.seen.length
    await one.play(
      'renew 7',
      'upgrade 1',
      'cancel 1',
      'freeze 1',
      'apply 1',
      'show 1',
      'activate 1',
      'kit 1',
      'formal 1',
    )
    expect(one.seen).toHaveLength(before)
    expect(one.refusals()).toHaveLength(9)
    await one.play('release 1', 'renew 1')
    expect(one.refusals().at(-1)).toBe('#1 is released.')
  })

  test('a release that is given up is held against the order that was sent with it', async () => {
    const one = played(wrongIn('releaseLicense', BROKEN), ['license-1'])
    await one.play('sell', 'release 1')
    const { orderId } = one.seen.find(({ activity }) => activity === 'releaseLicense')!.members
    const says = `releaseLicense of order ${orderId} failed to the end`
    expect(one.desk.opinion().findings.map((finding) => finding.says)).toContainEqual(
      expect.stringContaining(says),
    )
  })

  test('of two freezes that were given up a restart settles the one that it calls', async () => {
    let isBroken = true
    const broken = wrongIn('updateLicenseCodeStatus', BROKEN)
    const one = played((seen) => (isBroken ? broken(seen) : RIGHT(seen)), ['license-2'])
    await one.play('sell', 'sell', 'freeze 1', 'freeze 2')
    expect(one.desk.opinion().findings).toHaveLength(2)
    isBroken = false
    await one.play('restart')
    expect(one.desk.opinion().findings).toEqual([])
  })

  test('a freeze that is given up is told once at first, once again, and at the end', async () => {
    const one = played(wrongIn('updateLicenseCodeStatus', BROKEN), ['license-2'])
    await one.play('sell', 'freeze 1')
    const lines = one.events.map(textOf).filter((text) => text?.includes('updateLicenseCodeStatus FREEZE'))
    expect(lines).toHaveLength(3)
    expect(lines.at(-1)).toMatch(/try 61 of 61: given up/)
  })
})
