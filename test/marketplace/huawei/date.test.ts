import { describe, expect, test } from 'vitest'
import { readExpireTime, readTimeStamp, readZone } from '../../../src/marketplace/huawei/date.ts'

const seconds = (iso: string) => Date.parse(iso) / 1000

/** A table of wall clock times and the instants they are, in the zone named first. */
test.each([
  ['UTC', '20230523201932', '2023-05-23T20:19:32Z'],
  ['UTC', '20221124023618256', '2022-11-24T02:36:18Z'],
  ['UTC', '20221124023618999', '2022-11-24T02:36:18Z'],
  ['UTC', '20240229000000', '2024-02-29T00:00:00Z'],
  ['UTC', '20000229235959', '2000-02-29T23:59:59Z'],
  ['UTC', '19700101000000', '1970-01-01T00:00:00Z'],
  ['UTC', '21060207062815', '2106-02-07T06:28:15Z'],
  ['UTC', '99991231235959', '9999-12-31T23:59:59Z'],
  ['+00:00', '20230523201932', '2023-05-23T20:19:32Z'],
  ['+08:00', '20230523201932', '2023-05-23T12:19:32Z'],
  ['-05:30', '20230523201932', '2023-05-24T01:49:32Z'],
  ['+14:00', '20240101000000', '2023-12-31T10:00:00Z'],
  ['Asia/Shanghai', '20230523201932', '2023-05-23T12:19:32Z'],
  ['Asia/Shanghai', '20240101000000', '2023-12-31T16:00:00Z'],
  ['Asia/Kolkata', '20240229120000', '2024-02-29T06:30:00Z'],
  ['America/New_York', '20240115120000', '2024-01-15T17:00:00Z'],
  ['America/New_York', '20240715120000', '2024-07-15T16:00:00Z'],
  // Clocks go from 02:00 to 03:00 on 2024-03-10.
  ['America/New_York', '20240310015959', '2024-03-10T06:59:59Z'],
  ['America/New_York', '20240310020000', '2024-03-10T07:00:00Z'],
  ['America/New_York', '20240310023000', '2024-03-10T07:30:00Z'],
  ['America/New_York', '20240310025959', '2024-03-10T07:59:59Z'],
  ['America/New_York', '20240310030000', '2024-03-10T07:00:00Z'],
  // Clocks go from 02:00 back to 01:00 on 2024-11-03.
  ['America/New_York', '20241103005959', '2024-11-03T04:59:59Z'],
  ['America/New_York', '20241103010000', '2024-11-03T06:00:00Z'],
  ['America/New_York', '20241103013000', '2024-11-03T06:30:00Z'],
  ['America/New_York', '20241103015959', '2024-11-03T06:59:59Z'],
  ['America/New_York', '20241103020000', '2024-11-03T07:00:00Z'],
  // Shanghai: forward at midnight of 1986-05-04 as of the tz database, back on 1986-09-14.
  ['Asia/Shanghai', '19860504023000', '1986-05-03T18:30:00Z'],
  ['Asia/Shanghai', '19860914013000', '1986-09-13T17:30:00Z'],
  // Half an hour forth and back on Lord Howe Island.
  ['Australia/Lord_Howe', '20241006021500', '2024-10-05T15:45:00Z'],
  ['Australia/Lord_Howe', '20240407014500', '2024-04-06T15:15:00Z'],
  // Samoa had no 30 December 2011: the whole day is a gap.
  ['Pacific/Apia', '20111230120000', '2011-12-30T22:00:00Z'],
  ['Pacific/Apia', '20111229235959', '2011-12-30T09:59:59Z'],
  ['Pacific/Apia', '20111231000000', '2011-12-30T10:00:00Z'],
])('in %s the digits %s are %s', (zone, digits, instant) => {
  expect(readExpireTime(digits, readZone(zone)!)).toBe(seconds(instant))
})

describe('a date that does not exist is refused', () => {
  test.each([
    '20230229000000',
    '21000229000000',
    '20240230000000',
    '20240431000000',
    '20240001000000',
    '20241301000000',
    '20240100000000',
    '20240132000000',
    '20240101240000',
    '20240101006000',
    '20240101000060',
    '20240101235960',
    '00000101000000',
    '00240101000000',
    '19691231235959',
  ])('%s', (digits) => {
    expect(readExpireTime(digits, readZone('UTC')!)).toBe(null)
    expect(readTimeStamp(`${digits}000`)).toBe(null)
  })
})

describe('another form is refused', () => {
  test.each([
    '',
    '2024',
    '20240101',
    '2024010100000',
    '202401010000000',
    '2024010100000000',
    '202401010000000000',
    '2024-01-01T00:00:00Z',
    '20240101T000000Z',
    '20240101000000Z',
    ' 20240101000000',
    '20240101000000\n',
    '-0240101000000',
    '+0240101000000',
    '２０２４０１０１０００００００',
    '1704067200000',
  ])('%j', (text) => {
    expect(readExpireTime(text, readZone('UTC')!)).toBe(null)
    expect(readTimeStamp(text)).toBe(null)
  })
})

test('a timeStamp has 17 digits, its milliseconds count', () => {
  expect(readTimeStamp('20200727073711903')).toBe(Date.UTC(2020, 6, 27, 7, 37, 11, 903))
  expect(readTimeStamp('20200727073711')).toBe(null)
})

test.each([
  '',
  'Mars/Olympus',
  '+8',
  '+8:00',
  '08:00',
  '+24:00',
  '+08:60',
  '+0800',
  'UTC+8',
  '+08:00:00',
  'Asia/Shanghai ',
])('%j is no time zone', (text) => {
  expect(readZone(text)).toBe(null)
})

test('across a year of hours in New York the instants never decrease and never skip beyond the change of clocks', () => {
  const zone = readZone('America/New_York')!
  const hours = Array.from({ length: 366 * 24 }, (_, i) => zone(Date.UTC(2024, 0, 1) + i * 3_600_000))
  const steps = hours.slice(1).map((instant, i) => (instant - hours[i]!) / 3_600_000)
  expect(new Set(steps)).toEqual(new Set([0, 1, 2]))
  expect(steps.filter((step) => step === 0).length).toBe(1)
  expect(steps.filter((step) => step === 2).length).toBe(1)
})
