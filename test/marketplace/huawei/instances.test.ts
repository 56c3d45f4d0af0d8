import { describe, expect, test } from 'vitest'
import type { Fields } from '../../../src/marketplace/huawei/caller.ts'
import { channel, fate, intentOf, openGet, openPost } from './fixture.ts'

const END = Date.UTC(2027, 10, 21, 9, 30) / 1000
const LINE = { orderId: 'CS-1', orderLineId: 'CS-1-000001' }
const REF = { id: 'CS-1', line: 'CS-1-000001' }
const long = (length: number) => 'x'.repeat(length)

const OPENING = { activity: 'newInstance', businessId: 'b-1', ...LINE }
const REFRESH = {
  activity: 'refreshInstance',
  scene: 'RENEWAL',
  ...LINE,
  instanceId: 'i-1',
  expireTime: '20271121093000',
}
const STATUS = { activity: 'updateInstanceStatus', instanceId: 'i-1', status: 'FREEZE' }
const RELEASE = { activity: 'releaseInstance', instanceId: 'i-1' }
const QUERY = { activity: 'queryInstance', instanceId: 'i-1' }
const UPGRADE = { activity: 'upgradeInstance', instanceId: 'i-1', ...LINE }
const NOTICE = { activity: 'orderNotify', ...LINE }

const demand = { type: 'demand', test: false, instance: 'i-1', unknown: 'park' }
const citing = (cause: string, learn: boolean) => ({ ref: REF, cause, learn })
const until = { order: 'CS-1', paidUntil: END }

test.each<[Fields, object]>([
  [OPENING, { type: 'opening', test: false, order: REF, businessId: 'b-1', told: null }],
  [
    REFRESH,
    { ...demand, command: { type: 'renew', ...until, formal: false }, order: citing('renewal', false) },
  ],
  [
    { ...REFRESH, scene: 'TRIAL_TO_FORMAL' },
    { ...demand, command: { type: 'renew', ...until, formal: true }, order: citing('formal', true) },
  ],
  [
    { ...REFRESH, scene: 'RENEWAL_CHANGE' },
    {
      ...demand,
      command: { type: 'renew', ...until, formal: false },
      order: citing('changing_renewal', true),
    },
  ],
  [
    { ...REFRESH, scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' },
    {
      ...demand,
      command: { type: 'shorten', order: 'unsubscribe:CS-1', paidUntil: END, cancels: 'CS-1' },
      order: citing('cancellation', false),
    },
  ],
  [
    { ...REFRESH, scene: 'A_NEW_SCENE', expireTime: undefined },
    { type: 'unknown_scene', test: false, instance: 'i-1', order: REF, scene: 'A_NEW_SCENE' },
  ],
  [STATUS, { ...demand, command: { type: 'freeze', cause: 'status_call' }, order: null }],
  [
    { ...STATUS, status: 'UNFREEZE' },
    { ...demand, command: { type: 'reinstate' }, order: null },
  ],
  [RELEASE, { ...demand, command: { type: 'release' }, order: null }],
  [
    { ...RELEASE, ...LINE },
    { ...demand, command: { type: 'release' }, order: citing('cancellation', false) },
  ],
  [
    { ...RELEASE, orderId: 'CS-1' },
    {
      ...demand,
      command: { type: 'release' },
      order: { ...citing('cancellation', false), ref: { id: 'CS-1', line: 'i-1' } },
    },
  ],
  [QUERY, { type: 'instance_query', test: false, instances: ['i-1'] }],
  [
    { ...QUERY, instanceId: 'a, b,,a' },
    { type: 'instance_query', test: false, instances: ['a', 'b'] },
  ],
  [UPGRADE, { type: 'upgrade', test: false, instance: 'i-1', order: REF, bought: null }],
  [NOTICE, { type: 'notice', test: false, order: REF }],
])('%j is what it asks for, also with members of next year', (fields, intent) => {
  expect(intentOf(openPost(fields))).toEqual(intent)
  expect(intentOf(openPost({ ...fields, ofNextYear: 'x', another: null }))).toEqual(intent)
})

test('the time of refreshInstance is UTC, whatever the zone of the channel', () => {
  const shanghai = { ...channel, timeZone: 'Asia/Shanghai' }
  for (const expireTime of ['20271121093000', '20271121093000999'])
    expect(intentOf(openPost({ ...REFRESH, expireTime }, shanghai))).toMatchObject({
      command: { paidUntil: END },
    })
})

/** By GET they are calls of SaaS 1.0: see `saas-1.test.ts`. */
const OF_SAAS_1 = new Set<Fields[string]>(['newInstance', 'refreshInstance', 'releaseInstance'])

describe.each<Fields>([OPENING, REFRESH, STATUS, RELEASE, QUERY, UPGRADE, NOTICE])('$activity', (fields) => {
  test.each(['1', 1])('with testFlag %j is a test call', (testFlag) => {
    expect(intentOf(openPost({ ...fields, testFlag }))).toMatchObject({ test: true })
  })

  test.each(['', '2', 2, 'true'])('with testFlag %j is malformed', (testFlag) => {
    expect(fate(openPost({ ...fields, testFlag }))).toBe('faulty')
  })

  if (!OF_SAAS_1.has(fields.activity))
    test('by GET is none', () => {
      expect(fate(openGet(fields))).toBe('faulty')
    })

  const mandatory = Object.keys(fields).filter((name) => name !== 'activity')
  const bad = mandatory.flatMap((name): [string, Fields][] => [
    [`no ${name}`, { [name]: undefined }],
    [`${name} null`, { [name]: null }],
    [`an empty ${name}`, { [name]: '' }],
    [`a number for ${name}`, { [name]: 5 }],
    [`a ${name} that is too long`, { [name]: long(7000) }],
    [`a ${name} that holds a parameter`, { [name]: 'x&status=FREEZE' }],
  ])
  test.each(bad)('with %s is malformed', (_, changed) => {
    expect(fate(openPost({ ...fields, ...changed }))).toBe('faulty')
  })
})

describe('a mock order of the debugging console', () => {
  test.each([
    'MOCKPERIODYEARNEW',
    'MOCKONETIMENEW',
    'MOCKONDEMAND',
    'MOCKONDEMANDPKG',
    'MOCKPERIODDAYTRIAL',
    'MOCKMONTYTRIALTOFORMAL',
    'MOCKMONTYUNSUBSCRIBE',
    'MOCKMONTYRENEW',
    'MOCKMONTYCHANGE',
  ])('%s makes every call a test call', (orderId) => {
    for (const fields of [OPENING, REFRESH, { ...RELEASE, ...LINE }, UPGRADE, NOTICE])
      expect(intentOf(openPost({ ...fields, orderId }))).toMatchObject({ test: true })
  })

  test('is one of those and no other', () => {
    expect(intentOf(openPost({ ...OPENING, orderId: 'MOCKINGBIRD' }))).toMatchObject({ test: false })
  })
})

test.each([
  ['FROZEN', { ...STATUS, status: 'FROZEN' }],
  ['NORMAL, which is of SaaS 1.0', { ...STATUS, status: 'NORMAL' }],
  ['a date that does not exist', { ...REFRESH, expireTime: '20271321093000' }],
  ['a scene of 65 characters', { ...REFRESH, scene: long(65) }],
  ['an id of 65 characters among others', { ...QUERY, instanceId: `a,${long(65)}` }],
  ['nothing but commas', { ...QUERY, instanceId: ',,' }],
])('%s is malformed', (_, fields) => {
  expect(fate(openPost(fields))).toBe('faulty')
})
