import { expect, test } from 'vitest'
import { HELP, readCommand } from '../../../../src/marketplace/huawei/desk/commands.ts'

test.each([
  ['sell', { type: 'sell', family: null, trial: false }],
  ['  sell  saas-2   trial # a comment', { type: 'sell', family: 'saas-2', trial: true }],
  ['renew 3', { type: 'renew', resource: 3 }],
  ['upgrade 1', { type: 'upgrade', resource: 1, quantity: null }],
  ['change 1 20', { type: 'change', resource: 1, quantity: 20 }],
  ['apply 2 device-a', { type: 'apply', resource: 2, device: 'device-a' }],
  ['wait', { type: 'wait', days: 1 }],
  ['wait 30', { type: 'wait', days: 30 }],
  ['tour license-2', { type: 'tour', family: 'license-2' }],
  ['fail next 3 with silence', { type: 'fail', count: 3, how: { type: 'silence' } }],
  ['fail next 1 with 503', { type: 'fail', count: 1, how: { type: 'status', status: 503 } }],
  ['fail next 1 with 92020001', { type: 'fail', count: 1, how: { type: 'code', code: '92020001' } }],
  ['fail next 1 with APIGW.0308', { type: 'fail', count: 1, how: { type: 'code', code: 'APIGW.0308' } }],
  ['status', { type: 'status' }],
])('"%s" is a command', (line, command) => {
  expect(readCommand(line)).toEqual({ ok: true, value: command })
})

test.each(['', '   ', '# only a comment'])('"%s" is none, and no error', (line) => {
  expect(readCommand(line)).toEqual({ ok: true, value: null })
})

test.each([
  ...[
    'buy',
    'sell office',
    'sell saas-2 saas-1',
    'renew',
    'renew one',
    'renew 0',
    'renew -1',
    'renew 1 2',
    'renew 1.5',
  ],
  ...[
    'upgrade',
    'upgrade 1 many',
    'upgrade 1 2 3',
    'apply',
    'apply x',
    'apply 1 a b',
    'wait x',
    'tour office',
  ],
  ...[
    'fail',
    'fail next 1',
    'fail next x with 500',
    'fail next 1 with love',
    'fail next 1 with 200',
    'fail 1 with 500',
  ],
  ...['status 1', 'quit now', '__proto__ 1', 'constructor 1'],
])('"%s" is refused', (line) => {
  expect(readCommand(line)).toMatchObject({ ok: false, no: expect.any(String) })
})

test('the help names every command', () => {
  const names = [...HELP.matchAll(/^ {2}(\w+)(?: ID, (\w+) ID)?/gm)].flatMap(([, a, b]) => [
    a!,
    ...(b ? [b] : []),
  ])
  expect(names).toContain('unfreeze')
  for (const name of names) {
    const read = [name, `${name} 1`, `${name} next 1 with 500`].map(readCommand)
    expect([name, read.some(({ ok }) => ok)]).toEqual([name, true])
  }
})
