import { describe, expect, test } from 'vitest'
import type { Members } from '../../../src/marketplace/huawei/caller.ts'
import { fate, intentOf, MOMENT, open } from './fixture.ts'
import { arrivingBelow, DEPARTMENTS, kit, USER, USERS } from './kit-fixture.ts'

const opened = (address: string, members: Members) =>
  open(arrivingBelow(kit[2].post(address, members, MOMENT)))

const { userName, name } = USER

describe('to delete', () => {
  test.each<[string, Members, string]>([
    ['tenantSync', {}, ''],
    ['applicationSync', { appId: 'app-1' }, 'app-1'],
    ['authSync', { appId: 'app-1', userList: '[{"userName":"zhang"}]' }, 'app-1\nzhang'],
    ['singleOrgSync', { orgCode: 'org-1' }, 'org-1'],
  ])('%s needs what names it and nothing else', (address, members, key) => {
    const common = { instanceId: 'inst-1', tenantId: 'tenant-1', flag: 0 }
    expect(intentOf(opened(address, { ...common, ...members }))).toMatchObject({
      entries: [{ key, facts: null }],
    })
  })
})

describe('a list', () => {
  test.each([
    ['as a list', DEPARTMENTS.orgInfoList],
    ['as a text', JSON.stringify(DEPARTMENTS.orgInfoList)],
  ])('of departments is read %s, with a flag that says nothing', (_, orgInfoList) => {
    const intent = intentOf(opened('allOrgSync', { ...DEPARTMENTS, orgInfoList, flag: 9 }))
    expect(intent).toMatchObject({ replaces: true, entries: [{ key: 'org-0' }, { key: 'org-1' }] })
  })

  test('of no department is one', () => {
    const intent = intentOf(opened('allOrgSync', { ...DEPARTMENTS, orgInfoList: '[]' }))
    expect(intent).toMatchObject({ replaces: true, entries: [] })
  })

  const all = {
    ...USER,
    position: '工程师',
    employeeCode: '007',
    mobile: '13800000000',
    email: 'zhang@example.com',
    extension: { employeeType: '正式', workPlace: '深圳', entryDate: '2026-01-01' },
  }

  test('of users has all that a user may have, and truth values', () => {
    const intent = intentOf(opened('authSync', { ...USERS, userList: [{ ...all, enable: true }] }))
    const { extension, position, employeeCode, mobile, email } = all
    expect(intent).toMatchObject({
      entries: [
        {
          facts: {
            open: { enable: 'true', role: 'user' },
            personal: { userName, name, position, employeeCode, mobile, email, ...extension },
          },
        },
      ],
    })
  })

  test('of users has at most 500', () => {
    const users = (count: number) => Array.from({ length: count }, (_, n) => ({ ...USER, userName: `u${n}` }))
    expect(intentOf(opened('authSync', { ...USERS, userList: users(500) }))).toMatchObject({ kind: 'user' })
    expect(fate(opened('authSync', { ...USERS, userList: users(501) }))).toBe('faulty')
  })

  test.each([
    ['no list', 'x'],
    ['an object', '{}'],
    ['a list of texts', '["zhang"]'],
    ['a list with null', [USER, null]],
    ['a list of lists', [[USER]]],
    ['a list cut off', JSON.stringify([USER]).slice(0, -1)],
    ['a user with two names', `[{"userName":"a",${JSON.stringify(USER).slice(1)}]`],
    ['a user without userName', [{ ...USER, userName: '' }]],
    ['a user without name', [{ ...USER, name: undefined }]],
    ['a user without department', [{ ...USER, orgCode: undefined }]],
    ['a user of another role', [{ ...USER, role: 'root' }]],
    ['a user neither enabled nor disabled', [{ ...USER, enable: 'yes' }]],
    ['a mobile that is a number', [{ ...USER, mobile: 13800000000 }]],
    ['a mail address that is too long', [{ ...USER, email: 'x'.repeat(256) }]],
    ['an extension that is a text', [{ ...USER, extension: 'x' }]],
    ['one bad user among good ones', [USER, { ...USER, userName: 'li', role: '' }]],
  ])('of users that is %s is malformed', (_, userList) => {
    expect(fate(opened('authSync', { ...USERS, userList }))).toBe('faulty')
  })

  test('says where it is wrong, and nothing of whom', () => {
    const faulty = opened('authSync', { ...USERS, userList: [USER, { ...USER, role: 'boss of zhang' }] })
    expect((faulty as { why: string }).why).toBe('userList[1].role: none of user, admin')
  })
})
