import { describe, expect, test } from 'vitest'
import type { Reply } from '../../../src/authority/marketplace.ts'
import type { Fields } from '../../../src/marketplace/huawei/caller.ts'
import { channel, fate, intentOf, openGet, openPost, plugin } from './fixture.ts'

const WISH = {
  activity: 'getLicenseAsync',
  instanceId: 'i-1',
  effectiveTime: '2023-10-27 10:30:15 z',
  expireTime: '2027-11-21 09:30:00 z',
  eventId: 'EV-1',
  deviceFingerprint: '00:1B:44|DISK-7||BFEB',
}
const at = (...parts: [number, number, number, number, number, number]) => Date.UTC(...parts) / 1000

const ASKED = {
  type: 'application',
  test: false,
  instance: 'i-1',
  event: 'EV-1',
  fingerprint: '00:1B:44|DISK-7||BFEB',
  effectiveAt: at(2023, 9, 27, 10, 30, 15),
  expiresAt: at(2027, 10, 21, 9, 30, 0),
}

test.each<[string, Fields, object]>([
  ['as the document writes it', {}, {}],
  ['without an end', { expireTime: undefined }, { expiresAt: null }],
  ['with an empty end', { expireTime: '' }, { expiresAt: null }],
  ['without a device', { deviceFingerprint: undefined }, { fingerprint: null }],
  ['with an empty device', { deviceFingerprint: '' }, { fingerprint: null }],
  ['with a member nobody knows', { softwareVersion: '7' }, {}],
  ['as a test call', { testFlag: '1' }, { test: true }],
  ['as a test call by number', { testFlag: 1 }, { test: true }],
  ['as a real call by name', { testFlag: '0' }, {}],
])('getLicenseAsync %s is an application', (_, changed, expected) => {
  expect(intentOf(openPost({ ...WISH, ...changed }))).toEqual({ ...ASKED, ...expected })
})

test.each([
  '2027-11-21 09:30:00 z',
  '2027-11-21 09:30:00 Z',
  '2027-11-21 09:30:00z',
  '2027-11-21 09:30:00',
  '2027-11-21T09:30:00Z',
  '20271121093000',
  '20271121093000256',
])('a time is read in the form %s, as UTC', (expireTime) => {
  expect(intentOf(openPost({ ...WISH, expireTime }))).toEqual(ASKED)
})

test('a time is UTC whatever the zone of the channel', () => {
  const eastern = { ...channel, timeZone: 'Asia/Shanghai' }
  expect(intentOf(openPost(WISH, eastern))).toEqual(ASKED)
})

test.each([
  '机器-7 ａ',
  'a\tb\nc',
  'x&orderId=1',
  ' spaces at both ends ',
  'f'.repeat(5_120),
  '指'.repeat(1_706),
])('a fingerprint is taken as it is: %j', (deviceFingerprint) => {
  expect(intentOf(openPost({ ...WISH, deviceFingerprint }))).toMatchObject({ fingerprint: deviceFingerprint })
})

test.each<[string, Fields]>([
  ['no instance', { instanceId: undefined }],
  ['an empty instance', { instanceId: '' }],
  ['an instance of 65 characters', { instanceId: 'i'.repeat(65) }],
  ['no event', { eventId: undefined }],
  ['an event of 65 characters', { eventId: 'e'.repeat(65) }],
  ['an event that is a place', { eventId: '.' }],
  ['an event that is the place above', { eventId: '..' }],
  ['an event with a control character', { eventId: 'a\u0000b' }],
  ['an event that is a number', { eventId: 7 }],
  ['no effective time', { effectiveTime: undefined }],
  ['an effective time that does not exist', { effectiveTime: '2023-02-30 10:30:15 z' }],
  ['an effective time in words', { effectiveTime: 'now' }],
  ['an effective time of another zone', { effectiveTime: '2023-10-27 10:30:15 +08:00' }],
  ['an end that does not exist', { expireTime: '2027-11-21 24:30:00 z' }],
  ['an end without a time', { expireTime: '2027-11-21' }],
  ['an end before the beginning', { expireTime: '2023-10-27 10:30:14 z' }],
  ['an end at the beginning', { expireTime: '2023-10-27 10:30:15 z' }],
  ['a time of 33 characters', { effectiveTime: `2023-10-27 10:30:15 z${' '.repeat(12)}` }],
  ['a fingerprint of 5,121 bytes', { deviceFingerprint: 'f'.repeat(5_121) }],
  ['a fingerprint of 5,121 bytes in fewer characters', { deviceFingerprint: '指'.repeat(1_707) }],
  ['a fingerprint that is a number', { deviceFingerprint: 7 }],
  ['a test flag of another kind', { testFlag: 'yes' }],
])('%s is refused', (_, changed) => {
  expect(fate(openPost({ ...WISH, ...changed }))).toBe('faulty')
})

test('it is no activity by GET', () => {
  expect(fate(openGet(WISH))).toBe('faulty')
})

describe('the answer says', () => {
  test.each<[string, Reply]>([
    ['000000', { type: 'done' }],
    ['000003', { type: 'unknown_instance' }],
    ['000003', { type: 'refused', refusal: { reason: 'license_released' } }],
    ['000004', { type: 'in_process' }],
    ['000005', { type: 'refused', refusal: { reason: 'license_frozen' } }],
    ['000900', { type: 'uncovered', why: 'no_seat' }],
    ['000901', { type: 'uncovered', why: 'outside_term' }],
    ['000902', { type: 'uncovered', why: 'no_end' }],
    ['000903', { type: 'uncovered', why: 'no_device' }],
  ])('%s', (code, reply) => {
    const body = plugin.answer(intentOf(openPost(WISH)), reply)
    expect(JSON.parse(body)).toEqual({ resultCode: code, resultMsg: expect.any(String) })
    expect(plugin.codeOf(body)).toBe(code)
  })
})
