import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SceneReport } from '../../src/authority/marketplace-check.ts'
import { MODEL_KEY, type ModelSeller, modelSeller } from '../support/model-seller.ts'
import { emptyStage, type Ran } from './stage.ts'

const HOSTILE = '\u001b[2J\u202e'

/** A seller who forgets to look at signatures, and whose messages steer a terminal. */
const wrong = () =>
  modelSeller({ believes: () => true, works: () => ({ resultMsg: `${HOSTILE}${MODEL_KEY}` }) })

let right: ModelSeller
let careless: ModelSeller

beforeAll(async () => {
  ;[right, careless] = await Promise.all([modelSeller(), wrong()])
})
afterAll(() => Promise.all([right.close(), careless.close()]))

function check(url: string, ...more: string[]): Promise<Ran> {
  const stage = emptyStage()
  stage.files.set('key.txt', `${MODEL_KEY}\n`)
  stage.files.set('other.txt', 'an access key of somebody else\n')
  stage.files.set('empty.txt', '\n')
  return stage.licet('marketplace', 'check', url, ...more)
}

const KEY = ['--kind', 'huawei', '--access-key-file', 'key.txt']

describe('a check of a production address', () => {
  it('needs no instance, and ends with 0 when every scene passes', async () => {
    const { exit, out, err } = await check(right.url, ...KEY)
    expect([exit, err]).toEqual([0, ''])
    expect(out).toMatch(/^Check of http:\/\/127\.0\.0\.1:\d+\/isv\nOnly test calls were sent/)
    expect(out).toMatch(/\n\nLicense 1\.0 \(联营License 1\.0\), license-1: \d+ of \d+ pass\n/)
    expect(out).toMatch(/\npass +getLicense, for a year +获取License\(包周期\) +000000 +\d+ ms\n/)
    expect(out).toMatch(/\n\n\d+ of \d+ scenes pass, 2 pass with advice\.\n$/)
    expect(out).not.toContain('FAIL')
  })

  it('ends with 1 when some fail, and says what, with what was sent and what came back', async () => {
    const { exit, out } = await check(careless.url, ...KEY, '--family', 'license-2')
    expect(exit).toBe(1)
    const told = /\nFAIL {2}license-2: signed by another key \(错误密钥签名\)\n(?: {2}.+\n)+/.exec(out)?.[0]
    expect(told).toContain('what       answered 000000, expected 000001')
    expect(told).toContain('sent       POST /isv {"activity":"refreshLicenseCode"')
    expect(told).toContain('came back  HTTP 200 {"resultCode":"000000"')
    expect(told).toContain('why        Whoever knows the address can')
    expect(told).toContain('likewise   altered after it was signed; without a signature')
    expect(out).toMatch(/\d+ of \d+ scenes pass, 2 pass with advice, 3 FAIL\.\n$/)
  })

  it('shows no access key and nothing that steers a terminal', async () => {
    for (const format of [[], ['--json']]) {
      const { out, err } = await check(careless.url, ...KEY, ...format)
      expect(out + err).not.toContain(MODEL_KEY)
      expect(out + err).not.toMatch(/(?!\n)[\p{Cc}]/u)
      if (format.length === 0) expect(out).not.toContain('\u202e')
    }
  })

  it('plays the families that are wished, in its own order', async () => {
    const wished = ['--family', 'saas-1,license-1', '--family', 'kit-1']
    const { out } = await check(right.url, ...KEY, ...wished, '--json')
    const { families, scenes } = JSON.parse(out)
    expect(families).toEqual(['license-1', 'saas-1', 'kit-1'])
    const played = new Set(scenes.map(({ family }: SceneReport) => family))
    expect([...played]).toEqual(['address', 'license-1', 'saas-1', 'kit-1'])
  })

  it('says as a document what it says to people', async () => {
    const { exit, json } = await check(careless.url, ...KEY, '--family', 'license-2', '--json')
    const document = json()
    expect(exit).toBe(1)
    expect(document).toMatchObject({
      address: careless.url,
      kind: 'huawei',
      families: ['license-2'],
      ok: false,
      advised: 2,
      failed: 3,
      unplayed: 0,
      hints: [],
    })
    expect(document.passed + 5).toBe(document.scenes.length)
    expect(document.scenes.find(({ scene }: SceneReport) => scene === 'forged')).toEqual({
      family: 'license-2',
      scene: 'forged',
      title: { en: 'signed by another key', zh: '错误密钥签名' },
      result: 'fail',
      expected: ['000001'],
      calls: [
        {
          sent: expect.stringMatching(/^POST \/isv \{/),
          status: 200,
          resultCode: '000000',
          got: expect.stringContaining('"resultCode":"000000"'),
          milliseconds: expect.any(Number),
        },
      ],
      findings: ['answered 000000, expected 000001'],
      why: expect.any(String),
      otherwise: 'The marketplace does not notice.',
    })
  })

  it('takes another access key for the kit', async () => {
    const other = ['--kit-access-key-file', 'other.txt', '--family', 'kit-2,license-2', '--json']
    const { exit, json } = await check(right.url, ...KEY, ...other)
    expect(exit).toBe(1)
    const failed = json().scenes.filter(({ result }: SceneReport) => result === 'fail')
    expect(new Set(failed.map(({ family }: SceneReport) => family))).toEqual(new Set(['kit-2']))
    expect(json().hints).toHaveLength(1)
  })
})

describe('a check that cannot be made', () => {
  it('ends with 3 when there is no server', async () => {
    const gone = await modelSeller()
    await gone.close()
    const { exit, err, json } = await check(gone.url, ...KEY, '--json')
    expect(exit).toBe(3)
    expect(err).toMatch(/^No server answers at this address/)
    expect(json()).toMatchObject({ error: 'unreachable' })
  })

  it.each([
    ['is no URL', 'licenses.example.com', /must be an https URL/],
    ['is of another protocol', 'ftp://licenses.example.com/isv', /must be an https URL/],
    ['has a query', 'https://licenses.example.com/isv?a=b', /no query/],
    ['has a fragment', 'https://licenses.example.com/isv#a', /no query, no fragment/],
    ['has a password', 'https://user:pass@licenses.example.com/isv', /no password/],
  ])('ends with 2 when the address %s', async (_what, url, sentence) => {
    const { exit, err } = await check(url, ...KEY)
    expect(exit).toBe(2)
    expect(err).toMatch(sentence)
    expect(err).not.toContain('pass@')
  })

  it.each([
    [
      'there is no such family',
      [...KEY, '--family', 'license-3'],
      /no family "license-3"; known: license-1, /,
    ],
    ['no family is named', [...KEY, '--family', ''], /no family ""/],
    ['there is no such kind', ['--kind', 'other', '--access-key-file', 'key.txt'], /of kind "other"/],
    ['no kind is given', ['--access-key-file', 'key.txt'], /--kind/],
    ['no file is given', ['--kind', 'huawei'], /--access-key-file/],
    ['the file is not there', ['--kind', 'huawei', '--access-key-file', 'none.txt'], /none\.txt/],
    ['the file is empty', ['--kind', 'huawei', '--access-key-file', 'empty.txt'], /begin with an access key/],
    ['the file of the kit is empty', [...KEY, '--kit-access-key-file', 'empty.txt'], /empty\.txt/],
  ])('ends with 2 when %s', async (_what, given, sentence) => {
    const before = right.received.length
    const { exit, err } = await check(right.url, ...given)
    expect(exit).toBe(2)
    expect(err).toMatch(sentence)
    expect(right.received.length).toBe(before)
  })

  it('says in its help what it sends and what the exit codes mean', async () => {
    const { exit, out } = await check('--help')
    expect(exit).toBe(0)
    for (const said of [
      'testFlag 1',
      'license-1, license-2',
      '3 there is no server',
      '--kit-access-key-file',
    ])
      expect(out).toContain(said)
  })
})
