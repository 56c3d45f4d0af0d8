import { describe, expect, it } from 'vitest'
import { syncKit } from '../../src/authority/kit.ts'
import type { KitEntry, KitSync } from '../../src/authority/kit-entry.ts'
import { START, type Stage, stage } from './stage.ts'

const entry = (key: string, open = {}, personal = {}): KitEntry => ({ key, facts: { open, personal } })

const sync = (kind: KitSync['kind'], entries: readonly KitEntry[], tenant = 'tenant-1'): KitSync => ({
  type: 'kit_sync',
  test: false,
  kind,
  instance: 'inst-1',
  tenant,
  sentAt: START * 1000 + 999,
  replaces: false,
  entries,
})

const USERS = sync('user', [
  entry('app-1\nzhang', { appId: 'app-1', role: 'user' }, { userName: 'zhang', name: '张三' }),
])
const DEPARTMENTS = sync('department', [
  entry('a', { orgCode: 'a', orgName: '总部' }),
  entry('b', { orgCode: 'b' }),
])

/** A channel that was told all of these. */
async function told(...syncs: readonly KitSync[]): Promise<Stage> {
  const made = await stage()
  made.files.set('key.txt', 'access-key-of-the-kit')
  await made.licet('channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', 'key.txt')
  await made.inside(async (authority) => {
    const { channels } = await authority.configuration.current(START)
    for (const one of syncs)
      await authority.store.commit((await syncKit(authority, channels.get('huawei')!, one)).batch)
  })
  return made
}

const LIST = ['kit', 'list', '--channel', 'huawei'] as const

describe('licet kit list', () => {
  it('says that there is nothing', async () => {
    const { licet } = await told()
    expect(await licet(...LIST)).toMatchObject({ exit: 0, out: 'There is no entry yet.\n' })
    expect((await licet(...LIST, '--json')).json()).toEqual({ items: [], next: null })
  })

  it('shows what was said, and nothing of whom', async () => {
    const { licet } = await told(USERS, DEPARTMENTS)
    const { out } = await licet(...LIST)
    expect(out).toMatch(/^KIND +INSTANCE +TENANT +SENT +SAYS$/m)
    expect(out).toMatch(/^department +inst-1 +tenant-1 +2026-03-01T00:00:00Z +orgCode=a, orgName=总部$/m)
    expect(out).toMatch(/^user +inst-1 +tenant-1 +\S+ +appId=app-1, role=user$/m)
    const { items } = (await licet(...LIST, '--kind', 'user', '--json')).json()
    expect(items).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        kind: 'user',
        instance: 'inst-1',
        tenant: 'tenant-1',
        facts: { appId: 'app-1', role: 'user' },
        sentAt: '2026-03-01T00:00:00Z',
        notedAt: '2026-03-01T00:00:00Z',
      },
    ])
  })

  it('says who it is when it is asked to', async () => {
    const { licet } = await told(USERS)
    expect((await licet(...LIST, '--personal')).out).toContain('userName=zhang, name=张三, appId=app-1')
    expect((await licet(...LIST, '--personal', '--json')).json().items[0].personal).toEqual({
      userName: 'zhang',
      name: '张三',
    })
  })

  it('leaves out what was deleted', async () => {
    const { licet } = await told(DEPARTMENTS, sync('department', [{ key: 'a', facts: null }]))
    expect((await licet(...LIST, '--json')).json().items.map(({ facts }: KitItem) => facts.orgCode)).toEqual([
      'b',
    ])
  })

  it('goes on where it ended, kind by kind', async () => {
    const { licet } = await told(USERS, DEPARTMENTS)
    const first = (await licet(...LIST, '--limit', '2', '--json')).json()
    expect(first.items.map(({ kind }: KitItem) => kind)).toEqual(['department', 'department'])
    const second = (await licet(...LIST, '--after', first.next, '--json')).json()
    expect(second).toMatchObject({ items: [{ kind: 'user' }], next: null })
    const { out } = await licet(...LIST, '--kind', 'department', '--personal', '--limit', '1')
    expect(out).toMatch(
      /^more: licet kit list --channel huawei --kind department --personal --limit 1 --after \S+$/m,
    )
  })

  it.each([
    ['no channel', ['kit', 'list'], 2],
    ['an unknown channel', ['kit', 'list', '--channel', 'other'], 1],
    ['an unknown kind', [...LIST, '--kind', 'person'], 2],
    ['a limit of 0', [...LIST, '--limit', '0'], 2],
  ])('refuses %s', async (_, argv, exit) => {
    const { licet } = await told(USERS)
    expect((await licet(...argv)).exit).toBe(exit)
  })

  it('shows an empty page after what is no place', async () => {
    const { licet } = await told(USERS)
    expect((await licet(...LIST, '--after', 'nowhere', '--json')).json()).toEqual({ items: [], next: null })
  })

  it('keeps names out of every file of the instance', async () => {
    const made = await told(USERS)
    for (const name of ['zhang', '张三'])
      expect(made.stored()).not.toContain(Buffer.from(name).toString('latin1'))
  })
})

interface KitItem {
  readonly kind: string
  readonly facts: Readonly<Record<string, string>>
}
