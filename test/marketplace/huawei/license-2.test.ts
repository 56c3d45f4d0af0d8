import { describe, expect, test } from 'vitest'
import type { Fields } from '../../../src/marketplace/huawei/caller.ts'
import { fate, intentOf, open, openPost, RENEWAL, signedBody } from './fixture.ts'

const END = Date.UTC(2027, 10, 21, 9, 30) / 1000
const STATUS = { activity: 'updateLicenseCodeStatus', license: 'PL0001', status: 'FREEZE' }
const RELEASE = { activity: 'releaseLicenseCode', license: 'PL0001' }
const demand = { type: 'demand', test: false, instance: 'PL0001', unknown: 'meet' }
const citing = (cause: string, id: string = RENEWAL.orderId, line: string = RENEWAL.orderLineId) => ({
  ref: { id, line },
  cause,
  learn: false,
})
const long = (length: number) => 'x'.repeat(length)

test.each([
  [RENEWAL, { type: 'renew', order: RENEWAL.orderId, paidUntil: END, formal: false }, citing('renewal')],
  [
    { ...RENEWAL, scene: 'TRIAL_TO_FORMAL' },
    { type: 'renew', order: RENEWAL.orderId, paidUntil: END, formal: true },
    citing('formal'),
  ],
  [
    { ...RENEWAL, scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' },
    { type: 'shorten', order: RENEWAL.orderId, paidUntil: END },
    citing('cancellation'),
  ],
  [STATUS, { type: 'freeze', cause: 'status_call' }, null],
  [{ ...STATUS, status: 'UNFREEZE' }, { type: 'reinstate' }, null],
  [RELEASE, { type: 'release' }, null],
  [
    { ...RELEASE, orderId: 'CS-9', orderLineId: 'CS-9-1' },
    { type: 'release' },
    citing('cancellation', 'CS-9', 'CS-9-1'),
  ],
  [{ ...RELEASE, orderId: 'CS-9' }, { type: 'release' }, citing('cancellation', 'CS-9', 'PL0001')],
] as const)('%j is the command for the code', (fields, command, order) => {
  const wanted = { ...demand, command, order }
  expect(intentOf(openPost(fields))).toEqual(wanted)
  expect(intentOf(openPost({ ...fields, aMemberOfNextYear: 'x', another: null }))).toEqual(wanted)
})

test.each(['renewal', 'CHANGE'])('the scene %s is one that no document names', (scene) => {
  expect(intentOf(openPost({ ...RENEWAL, scene, expireTime: undefined }))).toEqual({
    type: 'unknown_scene',
    test: false,
    instance: 'PL0001',
    order: { id: RENEWAL.orderId, line: RENEWAL.orderLineId },
    scene,
  })
})

describe.each([RENEWAL, STATUS, RELEASE])('testFlag of $activity', (fields) => {
  test.each(['1', 1])('%j is a test call', (testFlag) => {
    expect(intentOf(openPost({ ...fields, testFlag }))).toMatchObject({ test: true })
  })

  test.each(['0', 0, null, undefined])('%j is a real one', (testFlag) => {
    expect(intentOf(openPost({ ...fields, testFlag }))).toMatchObject({ test: false })
  })

  test.each(['', '2', 2, -1, 0.5, 'true', 'on', '１'])('%j is malformed', (testFlag) => {
    expect(fate(openPost({ ...fields, testFlag }))).toBe('faulty')
  })

  test.each(['true', '[1]', '{"1":1}', '{}'])('%s is malformed', (testFlag) => {
    const body = JSON.stringify(fields).replace('{', `{"testFlag":${testFlag},`)
    expect(fate(open(signedBody(body)))).toBe('faulty')
  })
})

const badLicense: readonly [string, Fields][] = [
  ['no license', { license: undefined }],
  ['license null', { license: null }],
  ['an empty license', { license: '' }],
  ['a license of 65 characters', { license: long(65) }],
  ['a license that is a number', { license: 5 }],
  ['a license that holds a parameter', { license: 'PL1&status=FREEZE' }],
]
for (const fields of [RENEWAL, STATUS, RELEASE]) {
  test.each(badLicense)(`${fields.activity} with %s is malformed, and authentic`, (_, bad) => {
    expect(openPost({ ...fields, ...bad })).toMatchObject({
      type: 'authentic',
      activity: fields.activity,
      intent: null,
    })
  })
}

test.each<[string, Fields]>([
  ['no scene', { scene: undefined }],
  ['scene null', { scene: null }],
  ['a scene of 65 characters', { scene: long(65) }],
  ['no orderId', { orderId: undefined }],
  ['an orderId of 65 characters', { orderId: long(65) }],
  ['an orderId that is a number', { orderId: 2211181819 }],
  ['no orderLineId', { orderLineId: undefined }],
  ['an orderLineId of 65 characters', { orderLineId: long(65) }],
  ['a productId of 65 characters', { productId: long(65) }],
  ['no expireTime', { expireTime: undefined }],
  ['expireTime null', { expireTime: null }],
  ['an expireTime that is a number', { expireTime: 20271121093000 }],
  ['an expireTime that is no date', { expireTime: '20270229000000' }],
  ['an expireTime in ISO form', { expireTime: '2027-11-21T09:30:00Z' }],
])('refreshLicenseCode with %s is malformed', (_, bad) => {
  expect(fate(openPost({ ...RENEWAL, ...bad }))).toBe('faulty')
})

test.each<[string, Fields]>([
  ['no status', { status: undefined }],
  ['an empty status', { status: '' }],
  ['a status in lower case', { status: 'freeze' }],
  ['the SaaS V1.0 word NORMAL', { status: 'NORMAL' }],
  ['a status that is a number', { status: 1 }],
])('updateLicenseCodeStatus with %s is malformed', (_, bad) => {
  expect(fate(openPost({ ...STATUS, ...bad }))).toBe('faulty')
})

test.each<[string, Fields]>([
  ['an orderId of 65 characters', { orderId: long(65) }],
  ['an orderLineId of 65 characters', { orderLineId: long(65) }],
])('releaseLicenseCode with %s is malformed', (_, bad) => {
  expect(fate(openPost({ ...RELEASE, ...bad }))).toBe('faulty')
})

test.each([
  ['no activity', { license: 'PL1' }, null],
  ['activity null', { activity: null, license: 'PL1' }, null],
  ['an activity that is a number', { activity: 1, license: 'PL1' }, null],
  ['an activity of SaaS that is none', { activity: 'expireInstances' }, null],
  ['an activity of License 1.0', { activity: 'getLicense' }, 'getLicense'],
])('%s by POST is malformed, and authentic', (_, fields, activity) => {
  expect(openPost(fields)).toMatchObject({
    type: 'authentic',
    activity,
    intent: null,
    why: expect.stringMatching(/^activity/),
  })
})
