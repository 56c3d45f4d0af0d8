import { expect, test } from 'vitest'
import type { FamilyName } from '../../../../src/marketplace/huawei/desk/market.ts'
import { BROKEN, played, RIGHT, type Seen, wrongIn } from './seller.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The marketplace's own words on how it tries again (reference 3.11). */
test.each<[FamilyName, string, string[], number, number]>([
  ['license-1', 'getLicense', ['sell'], 4, HOUR],
  ['license-1', 'refreshLicense', ['sell', 'renew 1'], 1, 0],
  ['license-1', 'expireLicense', ['sell', 'expire 1'], 1, 0],
  ['license-1', 'releaseLicense', ['sell', 'release 1'], 1, 0],
  ['license-2', 'orderNotify', ['sell'], 4, HOUR],
  ['license-2', 'refreshLicenseCode', ['sell', 'renew 1'], 61, 2 * MINUTE],
  ['license-2', 'updateLicenseCodeStatus', ['sell', 'freeze 1'], 61, 2 * MINUTE],
  ['license-2', 'releaseLicenseCode', ['sell', 'release 1'], 61, 2 * MINUTE],
  ['online-license', 'newInstance', ['sell'], 61, 2 * MINUTE],
  ['online-license', 'refreshInstance', ['sell', 'renew 1'], 61, 2 * MINUTE],
  ['online-license', 'updateInstanceStatus', ['sell', 'expire 1'], 61, 2 * MINUTE],
  ['saas-2', 'newInstance', ['sell'], 4, HOUR],
  ['saas-2', 'upgradeInstance', ['sell', 'upgrade 1'], 4, HOUR],
  ['saas-1', 'newInstance', ['sell'], 4, HOUR],
  ['saas-1', 'upgrade', ['sell', 'upgrade 1'], 4, HOUR],
  ['saas-1', 'refreshInstance', ['sell', 'renew 1'], 2, HOUR],
  ['saas-1', 'releaseInstance', ['sell', 'release 1'], 2, HOUR],
])('%s: %s that fails is tried as often as documented', async (family, activity, lines, tries, pause) => {
  const { play, seen, pauses } = played(wrongIn(activity, BROKEN), [family])
  await play(...lines)
  expect(seen.filter((one) => one.activity === activity)).toHaveLength(tries)
  expect(new Set(pauses)).toEqual(new Set(tries === 1 ? [] : [pause]))
})

test('a try that succeeds ends the tries', async () => {
  let tries = 0
  const third = (seen: Seen) => (tries++ < 2 ? BROKEN : RIGHT(seen))
  const { play, seen, desk } = played(wrongIn('getLicense', third))
  await play('sell')
  expect(seen).toHaveLength(3)
  expect(desk.opinion().findings).toEqual([])
  expect(desk.calls()).toMatchObject({ made: 3, failed: 2 })
})

test('every try of a purchase has a businessId of its own, and the same order', async () => {
  const { play, seen } = played(wrongIn('getLicense', BROKEN))
  await play('sell')
  expect(new Set(seen.map(({ members }) => members.businessId)).size).toBe(4)
  expect(new Set(seen.map(({ members }) => members.orderId)).size).toBe(1)
})
