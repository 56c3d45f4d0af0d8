import { describe, expect, it } from 'vitest'
import type { Exchange, Exchanged } from '../../../../src/authority/marketplace-check.ts'
import { answered, type Checked, check, FAMILIES, modelExchange, named } from './kit.ts'

type Answered = Exchanged & { type: 'answered' }

const TOKEN = ['license-1', 'saas-1', 'kit-1']
const NONCE = FAMILIES.filter((family) => !TOKEN.includes(family))

/** The model, but each answer is spoilt on its way; of `every`, the others are left as they are. */
function spoilt(change: (answer: Answered) => Answered, every = 1): Exchange {
  const model = modelExchange()
  let number = 0
  return async (request) => {
    const answer = (await model(request)) as Answered
    return number++ % every === 0 ? change(answer) : answer
  }
}

async function judgedThrough(exchange: Exchange, families = FAMILIES): Promise<Checked> {
  const report = await check('https://licenses.example.com/isv', { families, exchange })
  if (report.type !== 'checked') throw new Error(report.why)
  return report
}

const without = (name: string) => (answer: Answered) => ({
  ...answer,
  headers: new Map([...answer.headers].filter(([one]) => one !== name)),
})

const withHeader = (name: string, value: string) => (answer: Answered) => ({
  ...answer,
  headers: new Map([...answer.headers, [name, value]]),
})

/** Another body, signed right. */
const rewritten = (change: (members: Record<string, unknown>) => object) => (answer: Answered) =>
  answered(JSON.stringify(change(JSON.parse(new TextDecoder().decode(answer.body)))))

const whole = (families: readonly string[], scene: string) => families.map((family) => `${family}/${scene}`)

describe('a fault in the form of every answer is told once in a family', () => {
  it('an answer that is not signed fails where the marketplace insists, and is advice elsewhere', async () => {
    const report = await judgedThrough(spoilt(without('body-sign')))
    expect(named(report, 'fail')).toEqual(whole(TOKEN, 'answers-signed'))
    expect(named(report, 'advice')).toEqual(whole(NONCE, 'answers-signed').sort(byFamily))
  })

  it('an answer that is signed wrong fails everywhere', async () => {
    const header = `sign_type="HMAC-SHA256", signature= "${'A'.repeat(43)}="`
    const report = await judgedThrough(spoilt(withHeader('body-sign', header)))
    expect(named(report, 'fail')).toEqual(whole(FAMILIES, 'answers-signed'))
  })

  it('a refusal under another key is advice: the seller may have several', async () => {
    const header = `sign_type="HMAC-SHA256", signature= "${'A'.repeat(43)}="`
    const elsewhere = (answer: Answered) =>
      /"00000[12]"/.test(new TextDecoder().decode(answer.body))
        ? withHeader('body-sign', header)(answer)
        : answer
    const report = await judgedThrough(spoilt(elsewhere))
    expect(named(report, 'fail')).toEqual([])
    expect(named(report, 'advice')).toEqual(whole(FAMILIES, 'answers-signed'))
  })

  it.each([
    'text/html',
    'application/problem+json',
    'application/jsonp',
    '',
  ])('an answer of type "%s" fails', async (type) => {
    const report = await judgedThrough(spoilt(withHeader('content-type', type)))
    expect(named(report, 'fail')).toEqual(whole(FAMILIES, 'answers-type'))
  })

  it('an answer without a type fails, also when it is one of five', async () => {
    const report = await judgedThrough(spoilt(without('content-type'), 5), ['license-2'])
    expect(named(report, 'fail')).toEqual(['license-2/answers-type'])
    const { findings } = report.scenes.find((one) => one.result === 'fail')!
    expect(findings).toEqual([expect.stringMatching(/^[45] of \d\d answers of another type$/)])
  })

  it.each<[string, (members: Record<string, unknown>) => object, string]>([
    ['no message', ({ resultMsg: _, ...rest }) => rest, 'no "resultMsg", or it is no text'],
    ['a message that is null', (members) => ({ ...members, resultMsg: null }), 'no "resultMsg"'],
    ['a message of 256 characters', (members) => ({ ...members, resultMsg: '证'.repeat(256) }), 'over 255'],
  ])('%s fails', async (_what, change, finding) => {
    const report = await judgedThrough(spoilt(rewritten(change)))
    expect(named(report, 'fail')).toEqual(whole(FAMILIES, 'answers-shape'))
    expect(report.scenes.find((one) => one.result === 'fail')!.findings.join()).toContain(finding)
  })

  it('a message of 255 characters of two bytes and more passes', async () => {
    const report = await judgedThrough(
      spoilt(rewritten((members) => ({ ...members, resultMsg: '证'.repeat(255) }))),
    )
    expect(named(report, 'fail')).toEqual([])
  })

  it.each<[string, (members: Record<string, unknown>) => object]>([
    ['a code that is a number', (members) => ({ ...members, resultCode: 0 })],
    ['a code of seven digits', (members) => ({ ...members, resultCode: `0${members.resultCode}` })],
    ['no code', ({ resultCode: _, ...rest }) => rest],
    [
      'a name of a member with a space in it',
      ({ resultCode, ...rest }) => ({ ...rest, ' resultCode': resultCode }),
    ],
  ])('%s fails, and so does every scene', async (_what, change) => {
    const report = await judgedThrough(spoilt(rewritten(change)), ['license-1'])
    const passed = named(report, 'pass')
    expect(passed).toEqual([
      ...['address/https', 'address/domain', 'address/clock'],
      ...['license-1/answers-in-time', 'license-1/answers-type', 'license-1/answers-signed'],
    ])
  })

  it('an answer after more than half of the time is advice', async () => {
    const report = await judgedThrough(
      spoilt((answer) => ({ ...answer, milliseconds: 3_100 }), 4),
      ['kit-2'],
    )
    expect(named(report, 'fail')).toEqual([])
    expect(named(report, 'advice')).toEqual(['kit-2/answers-in-time'])
    const slow = report.scenes.find(({ scene }) => scene === 'answers-in-time')!
    expect(slow.findings.join()).toContain('slow: 3100 ms of 5,000')
  })
})

describe('the address', () => {
  const adviceFor = async (address: string) => {
    const report = await check(address, { families: ['order-notice'], exchange: modelExchange() })
    return report.type === 'checked' ? named(report, 'advice') : []
  }

  it.each([
    ['https://licenses.example.com/isv', []],
    ['http://licenses.example.com/isv', ['address/https']],
    ['https://192.0.2.1/isv', ['address/domain']],
    ['https://[2001:db8::1]/isv', ['address/domain']],
    ['https://localhost/isv', ['address/domain']],
    ['https://seller/isv', ['address/domain']],
  ])('%s has advice %j', async (address, advice) => {
    expect(await adviceFor(address)).toEqual(advice)
  })

  it.each([
    [29, []],
    [31, ['address/clock']],
    [-31, ['address/clock']],
    [86_400, ['address/clock']],
  ])('a server whose clock is %s seconds ahead has advice %j', async (seconds, advice) => {
    const now = Math.floor(Date.now() / 1000) * 1000
    const exchange = spoilt(withHeader('date', new Date(now + seconds * 1000).toUTCString()))
    const given = { families: ['license-1'], exchange, nowMs: () => now }
    const report = await check('https://licenses.example.com/isv', given)
    if (report.type !== 'checked') throw new Error(report.why)
    expect(named(report, 'advice')).toEqual(advice)
  })
})

const byFamily = (a: string, b: string) =>
  FAMILIES.indexOf(a.split('/')[0]!) - FAMILIES.indexOf(b.split('/')[0]!)
