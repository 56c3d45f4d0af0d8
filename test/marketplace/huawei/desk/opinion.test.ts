import { describe, expect, test } from 'vitest'
import { BROKEN, failsProbes, OK, played, RIGHT, type Says, wrongIn } from './seller.ts'

const says = (one: ReturnType<typeof played>) => one.desk.opinion().findings.map((finding) => finding.says)

describe('of a seller who does everything right', () => {
  test('nothing is held against him after a month', async () => {
    const one = played(RIGHT, ['license-1', 'license-2'])
    await one.play('sell license-1', 'renew 1', 'release 1')
    await one.days(30)
    expect(one.desk.opinion()).toEqual({
      standing: 'on_sale',
      probeDays: { passed: 30, failed: 0, failedInARow: 0 },
      findings: [],
    })
  })
})

describe('of probes that fail', () => {
  test('each day in a row is counted, and the fifth freezes the trading', async () => {
    const one = played(failsProbes)
    await one.days(3)
    expect(one.desk.opinion()).toMatchObject({ standing: 'on_sale', probeDays: { failedInARow: 3 } })
    expect(says(one)).toEqual([
      '3 failed probe days of 5: after 5 in a row trading is frozen and the product hidden',
    ])
    await one.days(2)
    expect(one.desk.opinion().standing).toBe('frozen')
    expect(says(one)).toEqual(['frozen: trading stopped, the product is hidden, and it may be delisted'])
  })

  test('a day goes bad by one of its calls', async () => {
    const one = played(wrongIn('expireLicense', failsProbes))
    await one.days(1)
    const probes = one.events.filter((event) => event.type === 'probe')
    expect(probes.map(({ failed }) => failed)).toEqual(
      Array.from({ length: 2 }, () => [{ activity: 'expireLicense', failure: 'resultCode 000005' }]),
    )
    expect(one.desk.opinion().probeDays.failedInARow).toBe(1)
  })

  test('a good day between them ends the row', async () => {
    let isBad = true
    const one = played((seen) => (isBad ? failsProbes : RIGHT)(seen))
    await one.days(4)
    isBad = false
    await one.days(1)
    expect(one.desk.opinion()).toMatchObject({
      probeDays: { passed: 1, failed: 4, failedInARow: 0 },
      findings: [],
    })
    isBad = true
    await one.days(4)
    expect(one.desk.opinion()).toMatchObject({ standing: 'on_sale', probeDays: { failedInARow: 4 } })
  })

  test('what froze the trading is not forgotten, and nobody can buy', async () => {
    let isBad = true
    const one = played((seen) => (isBad ? failsProbes : RIGHT)(seen))
    await one.days(5)
    isBad = false
    await one.days(3)
    expect(one.desk.opinion().standing).toBe('frozen')
    await one.play('sell')
    expect(one.refusals()).toEqual([
      'Nobody can buy: the marketplace has stopped the trading of this product.',
    ])
  })

  test('one that is asked for now counts for the day that goes on', async () => {
    const one = played(failsProbes)
    await one.play('probe')
    expect(one.desk.opinion().probeDays).toEqual({ passed: 0, failed: 1, failedInARow: 1 })
  })
})

describe('of orders that are not delivered', () => {
  const six = Array.from({ length: 6 }, () => 'sell')

  test('five in a month are borne, the sixth delists the product', async () => {
    const one = played(wrongIn('getLicense', BROKEN))
    await one.play(...six.slice(1))
    expect(one.desk.opinion().standing).toBe('on_sale')
    expect(says(one)).toHaveLength(5)
    expect(says(one)[0]).toMatch(
      /^getLicense of order CS\w+ failed to the end \(resultCode 000005\): the order waits at 商家实施交付/,
    )
    await one.play('sell')
    expect(one.desk.opinion().standing).toBe('delisted')
    expect(says(one)[0]).toBe('delisted: 6 undelivered orders within a month, 5 are borne')
  })

  test('six in two months are borne', async () => {
    const one = played(
      (seen) => (seen.isTest ? RIGHT : wrongIn('getLicense', BROKEN))(seen) as ReturnType<Says>,
    )
    await one.play(...six.slice(3))
    await one.days(31)
    await one.play(...six.slice(3))
    expect(one.desk.opinion().standing).toBe('on_sale')
  })

  test.each(['online-license', 'saas-2', 'saas-1'] as const)('an order of %s is refunded', async (family) => {
    const one = played(wrongIn('newInstance', BROKEN), [family])
    await one.play('sell', 'renew 1')
    expect(says(one)).toEqual([expect.stringMatching(/the order was unsubscribed and the buyer refunded$/)])
    expect(one.refusals()).toEqual(['#1 was not delivered: no call can name it.'])
    const before = one.seen.length
    await one.play('restart', 'status')
    expect(one.seen).toHaveLength(before)
    expect(one.events.at(-1)).toMatchObject({ resources: [{ state: 'refunded' }] })
  })

  test('one of License 1.0 is delivered by a restart, and forgotten', async () => {
    let isBad = true
    const one = played((seen) => (isBad ? BROKEN : RIGHT(seen)))
    await one.play('sell')
    isBad = false
    await one.play('restart', 'renew 1')
    expect(says(one)).toEqual([])
    expect(one.seen.at(-1)).toMatchObject({ activity: 'refreshLicense' })
  })

  test('a renewal that was given up waits for a restart', async () => {
    const one = played(wrongIn('refreshLicense', BROKEN))
    await one.play('sell', 'renew 1')
    expect(says(one)).toEqual([
      expect.stringMatching(/^refreshLicense .* waits in 生产接口消息 for a restart by hand$/),
    ])
    await one.play('restart')
    expect(says(one)).toHaveLength(1)
  })
})

describe('of answers that contradict each other', () => {
  test('another license for the same order is held against him', async () => {
    let made = 0
    const one = played(
      wrongIn('getLicense', () => ({ ...OK, instanceId: 'i', license: `license-${made++}` })),
    )
    await one.play('sell', 'repeat 1')
    expect(says(one)).toEqual([expect.stringMatching(/got another license when it was sent again$/)])
  })

  test('another instance, too, which SaaS makes of the businessId', async () => {
    const wrong: Says = ({ members }) => ({ ...OK, instanceId: members.businessId })
    const one = played(wrongIn('newInstance', wrong), ['saas-2'])
    await one.play('sell', 'repeat 1')
    expect(says(one)[0]).toMatch(/got another instance when it was sent again$/)
  })
})

describe('of what the seller must do himself', () => {
  test('an order that is never asked for, and a license that is never uploaded', async () => {
    const one = played(RIGHT, ['online-license'])
    await one.play('sell', 'apply 1 device-a')
    expect(says(one)).toEqual([
      expect.stringMatching(/^order CS\w+ was never asked for \(查询订单\)/),
      expect.stringMatching(/^the license of event EV\w+ was not uploaded/),
    ])
  })
})
