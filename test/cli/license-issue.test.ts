import { describe, expect, it } from 'vitest'
import { sold, stage } from './stage.ts'

const SALE = ['license', 'issue', '--product', 'cad-pro', '--edition', 'standard']
const YEAR = [...SALE, '--until', '2027-03-01']

describe('licet license issue', () => {
  it('prints the license text alone, so that it can go into a file, and tells the rest on standard error', async () => {
    const { licet, files } = await stage()
    const { exit, out, err } = await licet(...YEAR)
    expect(exit).toBe(0)
    expect(out).toMatch(/^LC1-\S+ LK1-\S+\n$/)
    expect(err).toMatch(
      /^issued: license [0-9a-f]{16}, revision 1, paid until 2027-03-01T00:00:00Z, works until 2027-03-04T00:00:00Z\n$/,
    )
    files.set('license.txt', out)
    expect((await licet('verify', 'license.txt')).exit).toBe(0)
  })

  it('prints exactly the document of contract 4', async () => {
    const { licet } = await stage()
    const { exit, err, json } = await licet(...YEAR, '--json')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      revision: 1,
      text: expect.stringMatching(/^LC1-/),
      paidUntil: '2027-03-01T00:00:00Z',
      worksUntil: '2027-03-04T00:00:00Z',
    })
  })

  it.each([
    ['one seat unless said otherwise', [], { seats: 1, trial: false, bound: false, features: ['render'] }],
    ['as many seats as a code carries', ['--seats', '65535'], { seats: 65_535 }],
    ['unlimited seats for 0', ['--seats', '0'], { seats: null }],
    ['a trial', ['--trial'], { trial: true }],
    [
      'an end at a moment in another zone',
      ['--until', '2027-03-01T08:00:00+08:00'],
      { paidUntil: '2027-03-01T00:00:00Z' },
    ],
    ['an order of the seller', ['--order', 'A-17'], { order: 'A-17', channel: null }],
    [
      'a license that a channel knows',
      ['--channel', 'huawei', '--instance', 'I1'],
      { channel: 'huawei', instance: 'I1' },
    ],
    ['a customer', ['--customer', '张三'], { customer: '张三' }],
  ])('sells %s', async (_, more, expected) => {
    const made = await stage()
    const id = await sold(made, ...more)
    expect((await made.licet('license', 'show', id, '--json')).json()).toMatchObject({ id, ...expected })
  })

  it('sells for ever', async () => {
    const { licet } = await stage()
    const document = (await licet(...SALE, '--perpetual', '--json')).json()
    expect(document).toMatchObject({ paidUntil: null, worksUntil: null })
  })

  it('writes an end beyond the year 9999 as the last second that four digits can', async () => {
    const { licet } = await stage()
    const document = (await licet(...SALE, '--until', '9999-12-31T12:00:00Z', '--json')).json()
    expect(document).toMatchObject({ paidUntil: '9999-12-31T12:00:00Z', worksUntil: '9999-12-31T23:59:59Z' })
  })

  it('binds to a device, and then only that device has a valid license', async () => {
    const { licet, files } = await stage()
    files.set('license.txt', (await licet(...YEAR, '--fingerprint', 'board-1/机器')).out)
    const judged = (...more: string[]) => licet('verify', 'license.txt', ...more, '--json')
    expect((await judged('--fingerprint', 'board-1/机器')).json().valid).toBe(true)
    expect((await judged('--fingerprint', 'board-2')).json().reason).toBe('wrong_device')
    expect((await judged()).json().reason).toBe('wrong_device')
  })

  it('keeps the name of the customer sealed', async () => {
    const made = await stage()
    await sold(made, '--customer', 'Zhang San of Shenzhen')
    expect(made.stored()).not.toContain('Zhang San of Shenzhen')
  })
})

describe('licet license issue refuses with exit code 2, as wrong usage,', () => {
  it.each([
    ['no end', SALE, '--perpetual'],
    ['two ends', [...YEAR, '--perpetual'], 'either'],
    ['an end that does not exist', [...SALE, '--until', '2027-02-30'], '--until'],
    ['seats below none', [...YEAR, '--seats', '-1'], '--seats'],
    ['more seats than a code carries', [...YEAR, '--seats', '65536'], 'from 0 to 65535'],
    ['seats that are no number', [...YEAR, '--seats', 'ten'], '--seats'],
    ['half a seat', [...YEAR, '--seats', '1.5'], '--seats'],
    ['seats in exponents', [...YEAR, '--seats', '1e3'], '--seats'],
    ['a channel without an instance', [...YEAR, '--channel', 'huawei'], 'go together'],
    ['an instance without a channel', [...YEAR, '--instance', 'I1'], 'go together'],
    ['an empty fingerprint', [...YEAR, '--fingerprint', ''], '--fingerprint'],
    ['a fingerprint that is too long', [...YEAR, '--fingerprint', 'x'.repeat(5_121)], '--fingerprint'],
    ['no edition', ['license', 'issue', '--product', 'cad-pro', '--perpetual'], '--edition'],
    ['an argument', [...YEAR, 'extra'], 'too many arguments'],
  ])('%s', async (_, argv, sentence) => {
    const { licet } = await stage()
    const { exit, out, err } = await licet(...argv)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain(sentence)
    expect((await licet('license', 'list', '--json')).json().items).toEqual([])
  })
})

describe('licet license issue refuses with exit code 1, as a no,', () => {
  it.each([
    [
      'a product the catalog has not',
      ['--product', 'cad', '--edition', 'standard', '--perpetual'],
      'unknown_product',
    ],
    [
      'the id of a product: it is named by its code',
      ['--product', '1001', '--edition', 'standard', '--perpetual'],
      'unknown_product',
    ],
    [
      'an edition the product has not',
      ['--product', 'cad-pro', '--edition', 'gold', '--perpetual'],
      'unknown_edition',
    ],
    ['a trial for ever', [...SALE.slice(2), '--perpetual', '--trial'], 'perpetual_trial'],
    ['an end that has passed', [...SALE.slice(2), '--until', '2026-02-28'], 'already_ended'],
    ['an end that is now', [...SALE.slice(2), '--until', '2026-03-01'], 'already_ended'],
    [
      'a channel that is not there',
      [...YEAR.slice(2), '--channel', 'acme', '--instance', 'I1'],
      'unknown_channel',
    ],
  ])('%s', async (_, argv, error) => {
    const { licet } = await stage()
    const { exit, err, json } = await licet('license', 'issue', ...argv, '--json')
    expect(exit).toBe(1)
    expect(json().error).toBe(error)
    expect(err).toBe(`${json().message}\n`)
    expect((await licet('license', 'list', '--json')).json().items).toEqual([])
  })

  it('an instance, or an order, that its channel has a license for', async () => {
    const made = await stage()
    const id = await sold(made, '--channel', 'huawei', '--instance', 'I1', '--order', 'O1')
    const again = (...names: string[]) => made.licet(...YEAR, '--channel', 'huawei', ...names, '--json')
    expect((await again('--instance', 'I1')).json().error).toBe('instance_taken')
    const sameOrder = await again('--instance', 'I2', '--order', 'O1')
    expect(sameOrder.json()).toMatchObject({ error: 'order_taken', message: expect.stringContaining('"O1"') })
    const { items } = (await made.licet('license', 'list', '--json')).json()
    expect(items.map((item: { id: string }) => item.id)).toEqual([id])
  })

  it('a license when the window of the signing key is closed', async () => {
    const { licet, pass } = await stage()
    pass(400 * 86_400)
    const { exit, err } = await licet(...SALE, '--perpetual')
    expect(exit).toBe(1)
    expect(err).toContain('the issuing window is closed')
  })
})
