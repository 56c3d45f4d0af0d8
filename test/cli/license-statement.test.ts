import { describe, expect, it } from 'vitest'
import { bindDevice } from '../../src/format/license-code.ts'
import { sha256 } from '../verify/kit.ts'
import { DAY, START, type Stage, sold, stage } from './stage.ts'

/** The claims; the signature is checked by the tests of `licet verify`. */
const claimsOf = (text: string) => JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString())

/** Asked under its JSON, which must be given. */
async function statement(made: Stage, ...argv: string[]) {
  const ran = await made.licet('license', 'statement', ...argv, '--json')
  expect(ran.exit).toBe(0)
  return ran.json()
}

describe('licet license statement', () => {
  it('permits for as many days as asked, and changes nothing', async () => {
    const made = await stage()
    const id = await sold(made)
    const document = await statement(made, id, '--for', '90')
    expect(document).toEqual({
      id,
      statement: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
      status: 'active',
      revision: 1,
      issuedAt: '2026-03-01T00:00:00Z',
      permitsUntil: '2026-05-30T00:00:00Z',
      kid: expect.stringMatching(/^[0-9a-f]{8}$/),
      certificates: [expect.stringMatching(/^LK1-/)],
    })
    expect(claimsOf(document.statement)).toMatchObject({
      sub: id,
      iat: START,
      exp: START + 90 * DAY,
      status: 'active',
    })
    const { items } = (await made.licet('license', 'history', id, '--json')).json()
    expect(items).toHaveLength(1)
  })

  it('permits until the time asked, but never longer than the license works', async () => {
    const made = await stage()
    const id = await sold(made)
    expect((await statement(made, id, '--until', '2027-01-01')).permitsUntil).toBe('2027-01-01T00:00:00Z')
    const { permitsUntil, statement: text } = await statement(made, id, '--for', '3660')
    expect(permitsUntil).toBe('2027-03-04T00:00:00Z')
    expect(claimsOf(text).works_until).toBe(claimsOf(text).exp)
  })

  it('permits not a second longer than asked, though opening the instance took one', async () => {
    const made = await stage({ now: () => START + 9 })
    const id = await sold(made)
    made.pass(10)
    const until = ['--until', '2026-05-01', '--json']
    const document = await statement(made, id, ...until)
    expect(document.permitsUntil).toBe('2026-05-01T00:00:00Z')
    const file = (await made.licet('license', 'file', id, '--statement', ...until)).json()
    expect(file.permitsUntil).toBe('2026-05-01T00:00:00Z')
  })

  it('of a perpetual license is capped by nothing', async () => {
    const made = await stage()
    const id = (
      await made.licet(
        'license',
        'issue',
        '--product',
        'cad-pro',
        '--edition',
        'standard',
        '--perpetual',
        '--json',
      )
    ).json().id
    expect(claimsOf((await statement(made, id, '--for', '3660')).statement)).toMatchObject({
      exp: START + 3_660 * DAY,
      works_until: null,
    })
  })

  it.each([
    ['freeze', 'frozen'],
    ['release', 'released'],
  ])('after a %s says so', async (verb, status) => {
    const made = await stage()
    const id = await sold(made)
    await made.licet('license', verb, id)
    expect(claimsOf((await statement(made, id, '--for', '90')).statement)).toMatchObject({ status, rev: 2 })
    expect((await made.licet('license', 'statement', id, '--for', '9')).err).toContain('permits nothing')
  })

  it('is for one device, where one is named', async () => {
    const made = await stage()
    const id = await sold(made)
    const { statement: text } = await statement(made, id, '--for', '9', '--fingerprint', 'device-42')
    const digest = Buffer.from(bindDevice('device-42', sha256)!).toString('base64url')
    expect(claimsOf(text).device).toBe(digest)
  })

  it.each([
    'statement',
    'file',
  ])('%s refuses another device than the one of a bound license', async (verb) => {
    const made = await stage()
    const id = await sold(made)
    await made.licet('license', 'reissue', id, '--fingerprint', 'device-42')
    const wish = verb === 'file' ? ['--statement'] : ['--for', '9']
    const at = (device: string) => made.licet('license', verb, id, ...wish, '--fingerprint', device, '--json')
    expect((await at('device-42')).exit).toBe(0)
    const { exit, json } = await at('device-43')
    expect([exit, json().error]).toEqual([1, 'wrong_device'])
    await made.licet('license', 'reissue', id, '--unbind')
    expect((await at('device-43')).exit).toBe(0)
  })

  it('prints the token alone, and beside it what a person wants to know', async () => {
    const made = await stage()
    const id = await sold(made)
    const { out, err } = await made.licet('license', 'statement', id, '--for', '30')
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{86}\n$/)
    expect(err).toContain(`license ${id} is active; it permits until 2026-03-31T00:00:00Z`)
  })

  it('goes into a new file, and replaces none', async () => {
    const made = await stage()
    const id = await sold(made)
    const first = await made.licet('license', 'statement', id, '--for', '30', '--out', 'statement.jwt')
    expect(first).toMatchObject({ exit: 0, err: '' })
    expect(made.files.get('statement.jwt')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{86}\n$/)
    const again = await made.licet('license', 'statement', id, '--for', '60', '--out', 'statement.jwt')
    expect(again.exit).toBe(2)
    expect(again.err).toContain('statement.jwt exists')
  })

  it.each([
    ['no length of time', [], 2, '--for DAYS or --until TIME'],
    ['two', ['--for', '3', '--until', '2027-01-01'], 2, 'not both'],
    ['no days', ['--for', '0'], 2, '--for'],
    ['more than ten years', ['--for', '3661'], 2, '--for'],
    ['a time that is over', ['--until', '2026-03-01'], 2, 'is not ahead'],
    ['a time that is none', ['--until', 'soon'], 2, '--until'],
    ['no fingerprint', ['--for', '3', '--fingerprint', ''], 2, '--fingerprint'],
  ])('refuses %s', async (_what, argv, code, sentence) => {
    const made = await stage()
    const { exit, out, err } = await made.licet('license', 'statement', await sold(made), ...argv)
    expect({ exit, out }).toEqual({ exit: code, out: '' })
    expect(err).toContain(sentence)
  })

  it('refuses a license nobody knows, and one whose terms nobody knows', async () => {
    const made = await stage()
    expect((await made.licet('license', 'statement', '0011223344556677', '--for', '3')).exit).toBe(1)
    const id = await met(made)
    const { exit, err } = await made.licet('license', 'statement', id, '--for', '3')
    expect(exit).toBe(1)
    expect(err).toContain('not known')
    expect((await made.licet('license', 'file', id)).err).toContain('never had a code')
  })
})

/** A license that a callback met before its purchase. */
async function met(made: Stage): Promise<string> {
  const { evolve } = await import('../../src/domain/evolve.ts')
  const id = '00000000000000aa'
  const origin = { channel: 'huawei', instance: 'PL1', order: null }
  const event = { type: 'met', id, origin, at: START } as const
  const by = { who: 'callback:huawei', reason: null }
  const change = { before: null, after: evolve(null, event), events: [event], by, code: null, customer: null }
  await made.inside(({ store }) => store.commit({ change }))
  return id
}
