import { describe, expect, test } from 'vitest'
import { DAY, type Stage, stage } from './stage.ts'

const calls = (here: Stage) =>
  here.inside(async ({ store }) => (await store.outgoingCalls(null, null, 99)).items)

async function given(text: string): Promise<Stage> {
  const here = await stage()
  here.files.set('lines.jsonl', text)
  return here
}

const report = (here: Stage, channel = 'huawei') =>
  here.licet('outgoing', 'report-usage', 'lines.jsonl', '--channel', channel)
const push = (here: Stage) => here.licet('outgoing', 'push-usage', 'lines.jsonl', '--channel', 'huawei')

const RECORD = {
  ...{ instance: 'I-1', serial: 'S-1', recordedAt: '2026-03-01T00:00:00Z' },
  ...{ from: '2026-02-28T00:00:00Z', to: '2026-03-01T00:00:00Z', value: '12.5' },
}
const lines = (...objects: readonly object[]) => objects.map((one) => `${JSON.stringify(one)}\n`).join('')

describe('the use of codes', () => {
  test('is queued once for each code and day', async () => {
    const here = await given(lines({ code: 'PL1', clients: ['a', 'b'] }, { code: 'PL2', clients: 7 }))
    expect(await report(here)).toMatchObject({ exit: 0 })
    expect(await report(here)).toMatchObject({ exit: 0 })
    expect(await calls(here)).toHaveLength(2)
    here.pass(DAY)
    await report(here)
    const queued = await calls(here)
    expect(queued).toHaveLength(4)
    expect(new Set(queued.map(({ type }) => type))).toEqual(new Set(['report_software_usage']))
  })

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['without a code', '{"clients":1}'],
    ['with too long a code', JSON.stringify({ code: 'P'.repeat(65), clients: 1 })],
    ['without clients', '{"code":"PL1"}'],
    ['with a part of a client', '{"code":"PL1","clients":1.5}'],
    ['with fewer than no clients', '{"code":"PL1","clients":-1}'],
    ['with a client of no name', '{"code":"PL1","clients":[""]}'],
    ['with 101 clients', JSON.stringify({ code: 'PL1', clients: Array(101).fill('a') })],
    ['with a member that nobody knows', '{"code":"PL1","clients":1,"day":1}'],
    ['with a member twice', '{"code":"PL1","code":"PL2","clients":1}'],
    ['empty between two', `${lines({ code: 'PL1', clients: 1 })}\n${lines({ code: 'PL2', clients: 1 })}`],
  ])('is not queued from a line %s', async (_, text) => {
    const here = await given(text)
    const { exit, err } = await report(here)
    expect([exit, err]).toEqual([2, expect.stringMatching(/line \d/)])
    expect(await calls(here)).toEqual([])
  })

  test('is told to no channel that is not there', async () => {
    const here = await given(lines({ code: 'PL1', clients: 1 }))
    expect(await report(here, 'nobody')).toMatchObject({ exit: 1 })
  })
})

describe('what is billed by use', () => {
  test('is queued once for each serial', async () => {
    const here = await given(lines(RECORD, { ...RECORD, serial: 'S-2', relatedPackage: 'P-1' }))
    for (let n = 0; n < 3; n++) expect(await push(here)).toMatchObject({ exit: 0 })
    expect((await calls(here)).map(({ key }) => key).sort()).toEqual(['S-1', 'S-2'])
  })

  test.each<[string, object]>([
    ['instance', { instance: '' }],
    ['serial', { serial: 'S'.repeat(65) }],
    ['time', { from: 'yesterday' }],
    ['end', { to: '2026-02-27T00:00:00Z' }],
    ['value of nothing', { value: '0' }],
    ['value below nothing', { value: '-1' }],
    ['value of five places', { value: '1.00001' }],
    ['value that is a number', { value: 12.5 }],
    ['package', { relatedPackage: 5 }],
    ['member', { canary: 1 }],
  ])('is not queued with an odd %s', async (_, over) => {
    const here = await given(lines(RECORD, { ...RECORD, ...over }))
    const { exit, err } = await push(here)
    expect([exit, err]).toEqual([2, expect.stringMatching(/^[^\n]*line 2: /)])
    expect(await calls(here)).toEqual([])
  })
})

describe('codes that were delivered offline', () => {
  const activate = (here: Stage, ...more: readonly string[]) =>
    here.licet('outgoing', 'activate-codes', 'lines.jsonl', '--channel', 'huawei', ...more)

  test('are queued by the hundred, and once', async () => {
    const here = await given(Array.from({ length: 250 }, (_, n) => `PL${n}\n`).join(''))
    expect(await activate(here)).toMatchObject({ exit: 0 })
    expect(await activate(here)).toMatchObject({ exit: 0 })
    const queued = await calls(here)
    expect(queued.map(({ type }) => type)).toEqual(Array(3).fill('activate_codes'))
  })

  test.each([
    ['empty', ''],
    ['with an empty line', 'PL1\n\nPL2\n'],
    ['with a space within', 'PL 1\n'],
    ['too long', `${'P'.repeat(65)}\n`],
    ['not ASCII', '授权码\n'],
    ['twice', 'PL1\nPL2\nPL1\n'],
  ])('are not queued from a file %s', async (_, text) => {
    const here = await given(text)
    const { exit, err } = await activate(here)
    expect([exit, err]).toEqual([2, expect.stringMatching(/line \d/)])
    expect(await calls(here)).toEqual([])
  })

  test('take a time, and no other word for one', async () => {
    const here = await given('PL1\n')
    expect(await activate(here, '--at', 'yesterday')).toMatchObject({ exit: 2 })
    expect(await activate(here, '--at', '2026-02-28T08:00:00Z')).toMatchObject({ exit: 0 })
    expect(await calls(here)).toHaveLength(1)
  })
})
