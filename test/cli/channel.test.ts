import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { emptyStage, stage } from './stage.ts'

const idOf = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 8)

async function begun(changed: Parameters<typeof emptyStage>[0] = {}) {
  const made = emptyStage(changed)
  await made.licet('init')
  made.files.set('key.txt', '  the-access-key \r\nsecond line\n')
  made.files.set('next.txt', 'the-next-access-key')
  return made
}

const ADD = ['channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', 'key.txt']

describe('licet channel add', () => {
  it('takes the first line of the file, trimmed, and shows where the marketplace is to call', async () => {
    const { licet } = await begun()
    const { exit, out } = await licet(...ADD, '--time-zone', 'Asia/Shanghai')
    expect(exit).toBe(0)
    expect(out).toContain(idOf('the-access-key'))
    expect(out).toContain('https://license.example.com/callbacks/huawei')
    expect((await licet('channel', 'list', '--json')).json()).toEqual({
      items: [
        {
          name: 'huawei',
          kind: 'huawei',
          timeZone: 'Asia/Shanghai',
          callbackUrl: 'https://license.example.com/callbacks/huawei',
          openApi: null,
          frontEndUrl: null,
          adminUrl: null,
          accessKeys: [{ id: idOf('the-access-key'), createdAt: '2026-03-01T00:00:00Z' }],
        },
      ],
    })
  })

  it('says so when the address it shows is a local one', async () => {
    const { licet } = await begun({ isPublic: false })
    expect((await licet(...ADD)).err).toContain('set LICET_PUBLIC_URL')
    const { licet: known } = await begun()
    expect((await known(...ADD)).err).toBe('')
  })

  it('prints a document', async () => {
    const { licet } = await begun()
    expect((await licet(...ADD, '--json')).json()).toEqual({
      name: 'huawei',
      kind: 'huawei',
      timeZone: 'UTC',
      callbackUrl: 'https://license.example.com/callbacks/huawei',
      accessKeyId: idOf('the-access-key'),
    })
  })

  it('reads a file that an editor began with a byte order mark', async () => {
    const { licet, files } = await begun()
    files.set('key.txt', '\ufeffthe-access-key')
    expect((await licet(...ADD)).out).toContain(idOf('the-access-key'))
  })

  it('never shows an access key, nor keeps it readable', async () => {
    const { licet, files, stored } = await begun()
    const told = [await licet(...ADD), await licet(...ADD), await licet('channel', 'list')]
    files.set('next.txt', 'the-access-key')
    told.push(await licet('channel', 'add-key', 'huawei', '--access-key-file', 'next.txt', '--json'))
    expect(told.map(({ out, err }) => out + err).join('')).not.toContain('the-access-key')
    expect(stored()).not.toContain('the-access-key')
  })

  it.each([
    [
      'a kind nobody knows',
      ['add', 'a', '--kind', 'acme', '--access-key-file', 'key.txt'],
      2,
      'known: huawei',
    ],
    [
      'a name with capitals',
      ['add', 'Huawei', '--kind', 'huawei', '--access-key-file', 'key.txt'],
      2,
      'no channel name',
    ],
    ['a time zone that is none', [...ADD.slice(1), '--time-zone', 'Mars/Olympus'], 2, 'no time zone'],
    ['an offset of 15 hours', [...ADD.slice(1), '--time-zone', '+15:00'], 2, 'no time zone'],
    ['no file', ['add', 'a', '--kind', 'huawei'], 2, '--access-key-file'],
    [
      'a file that is not there',
      ['add', 'a', '--kind', 'huawei', '--access-key-file', 'x'],
      2,
      'no such file',
    ],
    ['an empty first line', ['add', 'a', '--kind', 'huawei', '--access-key-file', 'empty.txt'], 2, 'empty'],
    ['a file that is no text', ['add', 'a', '--kind', 'huawei', '--access-key-file', 'binary'], 2, 'UTF-8'],
  ])('refuses %s', async (_, argv, exit, sentence) => {
    const { licet, files } = await begun()
    files.set('empty.txt', '   \nthe-access-key')
    files.set('binary', new Uint8Array([0xff, 0xfe]))
    const ran = await licet('channel', ...argv)
    expect(ran).toMatchObject({ exit, out: '' })
    expect(ran.err).toContain(sentence)
    expect((await licet('channel', 'list', '--json')).json()).toEqual({ items: [] })
  })

  it('refuses a name that is taken and a key that another channel has', async () => {
    const { licet } = await begun()
    await licet(...ADD)
    expect((await licet(...ADD)).exit).toBe(1)
    const other = await licet(
      'channel',
      'add',
      'other',
      '--kind',
      'huawei',
      '--access-key-file',
      'key.txt',
      '--json',
    )
    expect(other.exit).toBe(1)
    expect(other.json().error).toBe('access_key_in_use')
    expect(other.json().message).toContain('"huawei"')
  })
})

describe('the access keys of a channel', () => {
  it('may be several, and the last one stays', async () => {
    const { licet } = await begun()
    await licet(...ADD)
    const [old, next] = [idOf('the-access-key'), idOf('the-next-access-key')]
    const added = await licet('channel', 'add-key', 'huawei', '--access-key-file', 'next.txt', '--json')
    expect(added.json()).toEqual({ name: 'huawei', accessKeyId: next })
    const [channel] = (await licet('channel', 'list', '--json')).json().items
    expect(channel.accessKeys.map(({ id }: { id: string }) => id)).toEqual([old, next])
    expect((await licet('channel', 'remove-key', 'huawei', old)).exit).toBe(0)
    const last = await licet('channel', 'remove-key', 'huawei', next)
    expect(last.exit).toBe(1)
    expect(last.err).toContain('add the next one first')
  })

  it.each([
    [
      'a channel that is not there',
      ['add-key', 'other', '--access-key-file', 'access-key.txt'],
      'unknown_channel',
    ],
    ['the same key again', ['add-key', 'huawei', '--access-key-file', 'access-key.txt'], 'access_key_in_use'],
    ['a key it has not', ['remove-key', 'huawei', '00000000'], 'unknown_access_key'],
    ['a key of no channel', ['remove-key', 'other', '00000000'], 'unknown_channel'],
  ])('refuse %s', async (_, argv, error) => {
    const { licet } = await stage()
    const ran = await licet('channel', ...argv, '--json')
    expect(ran.exit).toBe(1)
    expect(ran.json().error).toBe(error)
    expect(ran.err).not.toBe('')
  })
})

describe('licet channel list', () => {
  it('says how to begin where there is none', async () => {
    const { licet } = await begun()
    expect((await licet('channel', 'list')).out).toContain('licet channel add')
  })
})
