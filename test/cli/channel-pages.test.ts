import { describe, expect, it } from 'vitest'
import { type Stage, stage } from './stage.ts'

const FRONT = 'https://cad.example.com/start?a=1'
const pages = async ({ licet }: Stage) => {
  const [{ frontEndUrl, adminUrl }] = (await licet('channel', 'list', '--json')).json().items
  return [frontEndUrl, adminUrl]
}

describe('licet channel set', () => {
  it('sets what is given, leaves the rest and takes away what is empty', async () => {
    const made = await stage()
    const set = await made.licet('channel', 'set', 'huawei', '--front-end-url', FRONT, '--json')
    expect(set.json()).toEqual({ name: 'huawei', frontEndUrl: FRONT, adminUrl: null })
    await made.licet('channel', 'set', 'huawei', '--admin-url', 'http://10.0.0.1/')
    expect(await pages(made)).toEqual([FRONT, 'http://10.0.0.1/'])
    await made.licet('channel', 'set', 'huawei', '--front-end-url', '')
    expect(await pages(made)).toEqual([null, 'http://10.0.0.1/'])
  })

  it.each([
    ['no channel of this name', ['nobody', '--front-end-url', FRONT], 1, 'unknown_channel'],
    ['nothing to set', ['huawei'], 2, 'unreadable'],
    ['no address', ['huawei', '--front-end-url', 'cad.example.com'], 2, 'bad_page'],
    ['what a browser would run', ['huawei', '--admin-url', 'javascript:alert(1)'], 2, 'bad_page'],
    ['a file', ['huawei', '--admin-url', 'file:///etc/passwd'], 2, 'bad_page'],
    ['a long one', ['huawei', '--admin-url', `https://x.example/${'a'.repeat(1024)}`], 2, 'bad_page'],
  ])('refuses %s, and sets nothing', async (_, args, exit, error) => {
    const made = await stage()
    const ran = await made.licet('channel', 'set', ...args, '--json')
    expect(ran.exit).toBe(exit)
    expect(ran.json()).toMatchObject({ error })
    expect(await pages(made)).toEqual([null, null])
  })
})
