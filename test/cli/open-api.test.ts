import { expect, test } from 'vitest'
import { dueCalls } from '../support/due-calls.ts'
import { type Stage, stage } from './stage.ts'

const SECRET = 'canary-of-a-secret-key'

async function ready(text = `AKOFTHESELLER\n${SECRET}\n`): Promise<Stage> {
  const here = await stage()
  here.files.set('ak-sk.txt', text)
  return here
}

const set = ({ licet }: Stage, ...more: string[]) =>
  licet('channel', 'set-open-api', 'huawei', '--credentials-file', 'ak-sk.txt', ...more)

test.each([
  ['cn', []],
  ['intl', ['--site', 'intl']],
  ['eu', ['--site', 'eu']],
  ['https://mkt.example', ['--site', 'https://mkt.example']],
  ['http://127.0.0.1:9000', ['--site', 'http://127.0.0.1:9000']],
])('the credentials of site %s are set and opened again', async (site, more) => {
  const here = await ready()
  expect((await set(here, ...more, '--json')).json()).toEqual({ name: 'huawei', site })
  const { channels } = await here.inside(({ configuration }) => configuration.current(1_772_323_200))
  const credentials = { accessKeyId: 'AKOFTHESELLER', secret: SECRET }
  expect(channels.get('huawei')?.openApi).toEqual({ site, credentials })
  const [listed] = (await here.licet('channel', 'list', '--json')).json().items
  expect(listed.openApi).toEqual({ site, since: '2026-03-01T00:00:00Z' })
})

test('lines of any ending and spaces around them are read', async () => {
  const here = await ready(`\ufeff  AK \r\n\tSK\t\r\n\r\n`)
  expect(await set(here)).toMatchObject({ exit: 0, err: '' })
  const { channels } = await here.inside(({ configuration }) => configuration.current(1_772_323_200))
  expect(channels.get('huawei')?.openApi).toMatchObject({ credentials: { accessKeyId: 'AK', secret: 'SK' } })
})

test('the second pair takes the place of the first', async () => {
  const here = await ready()
  await set(here)
  here.files.set('ak-sk.txt', 'OTHER\nanother-secret\n')
  expect(await set(here, '--site', 'eu')).toMatchObject({ exit: 0 })
  const { channels } = await here.inside(({ configuration }) => configuration.current(1_772_323_200))
  expect(channels.get('huawei')?.openApi).toMatchObject({ site: 'eu', credentials: { accessKeyId: 'OTHER' } })
})

test.each([
  ['an empty file', ''],
  ['one line', 'AK\n'],
  ['three lines', 'AK\nSK\nmore\n'],
  ['an empty first line', '\nSK\n'],
  ['an access key with a comma', 'A,K\nSK\n'],
  ['an access key with a space', 'A K\nSK\n'],
  ['a secret that is no ASCII', 'AK\n密钥\n'],
  ['a secret without end', `AK\n${'x'.repeat(257)}\n`],
])('%s holds no credentials, and changes nothing', async (_, text) => {
  const here = await ready(text)
  const refused = await set(here, '--json')
  expect(refused.exit).toBe(2)
  expect(refused.json()).toMatchObject({ error: 'bad_credentials' })
  const channels = await here.inside(({ store }) => store.channels())
  expect(channels[0]!.openApi).toBeNull()
})

test.each([
  'moon',
  'http://mkt.example',
  'ftp://127.0.0.1',
  '',
  'javascript:1',
])('%j is no site', async (site) => {
  const refused = await set(await ready(), '--site', site, '--json')
  expect(refused.exit).toBe(2)
  expect(refused.json()).toMatchObject({ error: 'unknown_site' })
})

test('a channel that is not there has no credentials', async () => {
  const { licet } = await ready()
  const refused = await licet('channel', 'set-open-api', 'x', '--credentials-file', 'ak-sk.txt', '--json')
  expect(refused.exit).toBe(1)
  expect(refused.json()).toMatchObject({ error: 'unknown_channel' })
})

test('the secret key is in no output and no file of the instance', async () => {
  const here = await ready()
  const said = [await set(here), await set(here, '--json'), await here.licet('channel', 'list', '--json')]
  said.push(await here.licet('doctor'), await here.licet('doctor', '--json'))
  expect(here.stored()).not.toContain(SECRET)
  expect(here.stored()).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, -2))
  for (const { out, err } of said) expect(out + err).not.toContain('canary')
})

test('a new master key seals credentials and waiting calls anew', async () => {
  const here = await ready()
  await set(here)
  const { newOutgoing, openOutgoing } = await import('../../src/authority/outgoing/new-call.ts')
  const call = { type: 'query_code', code: 'PL1' } as const
  const before = await here.inside(async (authority) => {
    await authority.store.commit({ outgoing: [newOutgoing(authority, 'huawei', 'k', call)] })
    return dueCalls(authority.store, 1_772_323_200, 9)
  })
  // Beside it waits the call that is to prove the credentials.
  expect(before.map(({ key }) => key).sort()).toEqual(['credentials', 'k'])
  expect(await here.licet('keys', 'reseal')).toMatchObject({ exit: 0 })
  await here.inside(async ({ store, sealing, configuration }) => {
    const after = await dueCalls(store, 1_772_323_200, 9)
    for (const { key, sealed } of before)
      expect(after.find((one) => one.key === key)!.sealed).not.toBe(sealed)
    const opened = after.map((due) => [due.key, openOutgoing(sealing, due)])
    const proof = { type: 'query_order', order: 'MOCKPERIODYEARNEW', line: null }
    expect(Object.fromEntries(opened)).toEqual({ k: call, credentials: proof })
    const { channels } = await configuration.current(1_772_323_200)
    expect(channels.get('huawei')?.openApi).toMatchObject({ credentials: { secret: SECRET } })
  })
})
