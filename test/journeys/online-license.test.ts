import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallingShop, callingShop, lineOf } from '../support/calling-shop.ts'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { OpenApi } from '../support/fake-huawei/open-api.ts'
import type { Shop } from '../support/shop.ts'

const FINGERPRINT = '00:1B:44:11:3A:B7|DISK-7||BFEBFBFF000906E9'

/** As the marketplace writes the times of an application. */
const utc = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ')} z`

describe.each(DATABASES)('an online license on %s', (_, database) => {
  let made: CallingShop
  let seller: Shop
  let far: OpenApi
  let huawei: FakeHuawei

  beforeAll(async () => {
    made = await callingShop(await database())
    ;({ seller, far } = made)
    huawei = (await seller.open()).huawei
  })
  afterAll(() => made.remove())

  const applies = (instanceId: string, eventId: string, deviceFingerprint = FINGERPRINT) =>
    huawei.send(
      huawei.caller.getLicenseAsync(
        { instanceId, eventId, effectiveTime: utc(0), expireTime: utc(30), deviceFingerprint },
        huawei.moment(),
      ),
    )

  async function uploaded(event: string): Promise<string> {
    for (;;) {
      const text = far.uploads.get(event)
      if (text !== undefined) return text
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  const verdict = (text: string, fingerprint: string) => {
    const file = seller.file('license.txt', text)
    return seller.json('verify', file, '--product', '1001', '--fingerprint', fingerprint)
  }

  it('goes newInstance, order learnt, getLicenseAsync, and what arrives is good on that device, offline', async () => {
    made.says('CS-LC', 'NEW', 2)
    const instanceId = (await huawei.newInstance(lineOf('CS-LC'))).instanceId!
    const first = await applies(instanceId, 'EV/设备 1')
    expect(['000000', '000004']).toContain(JSON.parse(first.body).resultCode)
    const text = await uploaded('EV/设备 1')
    expect(await verdict(text, FINGERPRINT)).toMatchObject({ valid: true, license: { id: instanceId } })

    expect(JSON.parse((await applies(instanceId, 'EV-2', 'another')).body).resultCode).toBe('000000')
    expect(JSON.parse((await applies(instanceId, 'EV-3', 'a third')).body).resultCode).toBe('000900')
    const second = await uploaded('EV-2')
    expect(await verdict(second, 'another')).toMatchObject({ valid: true })

    const { applications, devices } = await seller.json<Record<string, unknown>>(
      'license',
      'show',
      instanceId,
    )
    expect(devices).toBe(2)
    expect(applications).toMatchObject([
      { event: 'EV/设备 1', state: 'made' },
      { event: 'EV-2', state: 'made' },
    ])
  })

  it('applied for before its order is learnt is uploaded once it is', async () => {
    const instanceId = (await huawei.newInstance(lineOf('CS-LATE'))).instanceId!
    expect(JSON.parse((await applies(instanceId, 'EV-LATE')).body).resultCode).toBe('000004')
    made.says('CS-LATE', 'NEW', 1)
    const text = await uploaded('EV-LATE')
    expect(await verdict(text, FINGERPRINT)).toMatchObject({ valid: true, license: { id: instanceId } })
    expect(JSON.parse((await applies(instanceId, 'EV-LATE')).body).resultCode).toBe('000000')
  })
})
