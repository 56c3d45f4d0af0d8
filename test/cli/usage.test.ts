import { describe, expect, it } from 'vitest'
import { emptyStage, stage } from './stage.ts'

const COMMANDS = [
  'init',
  'serve',
  'demo',
  'channel add',
  'channel list',
  'channel add-key',
  'channel remove-key',
  'catalog apply',
  'catalog show',
  'license issue',
  'license list',
  'license show',
  'license history',
  'license freeze',
  'license reinstate',
  'license release',
  'license extend',
  'license reissue',
  'license statement',
  'license file',
  'keys list',
  'verify',
]

describe('every command', () => {
  it.each(COMMANDS)('%s explains itself with an example and takes --json', async (command) => {
    const { exit, out, err } = await emptyStage().licet(...command.split(' '), '--help')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toContain('--json')
    expect(out).toContain(`$ npx licet ${command}`)
  })
})

describe('wrong usage ends with exit code 2 and a sentence, and prints no answer', () => {
  it.each([
    ['no command', [], 'Usage: licet'],
    ['a noun without a verb', ['license'], 'Usage: licet license'],
    ['an unknown command', ['bogus'], "unknown command 'bogus'"],
    ['an unknown verb', ['license', 'delete'], "unknown command 'delete'"],
    ['an unknown option', ['channel', 'list', '--all'], "unknown option '--all'"],
    ['an argument too many', ['channel', 'list', 'huawei'], 'too many arguments'],
    ['a missing argument', ['catalog', 'apply'], "missing required argument 'file'"],
    ['a missing value', ['license', 'issue', '--product'], 'argument missing'],
    ['a missing option', ['license', 'issue', '--edition', 'standard'], '--product'],
    ['an option that is empty', ['license', 'show', '--channel', ' '], 'must not be empty'],
    ['an option that is too long', ['license', 'show', '--channel', 'x'.repeat(257)], 'longer than 256'],
  ])('%s', async (_, argv, sentence) => {
    const { exit, out, err } = await emptyStage().licet(...argv)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain(sentence)
    expect(err).not.toContain('    at ')
  })

  it('and as a document for a program that asked for one', async () => {
    const { exit, json } = await emptyStage().licet('channel', 'list', '--all', '--json')
    expect(exit).toBe(2)
    expect(json()).toEqual({ error: 'usage', message: "unknown option '--all'" })
  })
})

describe('help and version are no errors', () => {
  it('--version prints the version alone', async () => {
    expect(await emptyStage().licet('--version')).toMatchObject({ exit: 0, out: '1.2.3\n', err: '' })
  })

  it('--help names the exit codes but not the command that only npm start uses', async () => {
    const { exit, out } = await emptyStage().licet('--help')
    expect(exit).toBe(0)
    expect(out).toContain('Exit codes: 0 done')
    expect(out).not.toContain('start')
  })
})

describe('a failure ends with exit code 3 and one line', () => {
  class CannotStart extends Error {
    override readonly name = 'CannotStart'
  }
  const failing = (thrown: unknown) => emptyStage({ open: () => Promise.reject(thrown) })

  it('of an instance that cannot start: its sentence alone', async () => {
    const { exit, out, err } = await failing(new CannotStart('The master key is missing.')).licet(
      'keys',
      'list',
    )
    expect({ exit, out, err }).toEqual({ exit: 3, out: '', err: 'The master key is missing.\n' })
  })

  it('of anything else: its message without a stack', async () => {
    const { exit, err } = await failing(new TypeError('x is not\n  a function')).licet('keys', 'list')
    expect({ exit, err }).toEqual({ exit: 3, err: 'licet failed: x is not a function\n' })
  })

  it('of what is no error at all', async () => {
    expect((await failing('boom').licet('keys', 'list')).exit).toBe(3)
  })

  it('as a document for a program that asked for one', async () => {
    const { json } = await failing(new CannotStart('No.')).licet('keys', 'list', '--json')
    expect(json()).toEqual({ error: 'cannot_start', message: 'No.' })
  })

  it('without an instance: every command that needs one says that init is due', async () => {
    for (const command of ['channel list', 'catalog show', 'license list', 'keys list']) {
      const { exit, err } = await emptyStage().licet(...command.split(' '))
      expect(exit).toBe(3)
      expect(err).toContain('licet init')
    }
  })
})

describe('an instance that was opened is closed again', () => {
  it('also when the work on it fails', async () => {
    const { inside } = await stage()
    let closed = 0
    const opened = await inside(async (authority) => authority)
    const broken = {
      ...opened,
      store: { ...opened.store, channels: () => Promise.reject(new Error('disk gone')) },
    }
    const configuration = { ...opened.configuration, current: () => Promise.reject(new Error('disk gone')) }
    const failing = emptyStage({
      open: async () => ({
        authority: { ...broken, configuration },
        developmentRoot: { open: () => null, destroy: () => undefined },
        close: async () => {
          closed += 1
        },
      }),
    })
    expect(await failing.licet('channel', 'list')).toMatchObject({
      exit: 3,
      err: 'licet failed: disk gone\n',
    })
    expect(closed).toBe(1)
  })
})
