import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { STOP_LIMIT } from '../../src/runtime/run-server.ts'

const UNIT = readFileSync(new URL('../../deploy/licet.service', import.meta.url), 'utf8')

/** Directives by name; of one that stands twice, both. */
const directives = Object.groupBy(
  UNIT.split('\n').flatMap((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [{ name, value: value! }]
  }),
  ({ name }) => name,
)
const of = (name: string) => directives[name]?.map(({ value }) => value).join(' ')

test('systemd starts Node.js itself, which hears the signal, and never npm', () => {
  expect(of('ExecStart')).toMatch(/^\/\S+\/node \/\S+\/bin\/licet\.js serve$/)
  expect(of('Type')).toBe('exec')
})

test('systemd waits for longer than a stop can take, and kills nobody before', () => {
  expect(of('KillSignal')).toBe('SIGTERM')
  expect(Number(of('TimeoutStopSec')) * 1_000).toBeGreaterThan(STOP_LIMIT)
})

test('systemd starts it again until its database is there, but not with a configuration that is wrong', () => {
  expect(of('Restart')).toBe('on-failure')
  expect(of('StartLimitIntervalSec')).toBe('0')
  expect(of('RestartPreventExitStatus')).toBe('2')
})

test('the data directory is the state directory, the only one that can be written', () => {
  expect(of('ProtectSystem')).toBe('strict')
  expect(of('ReadWritePaths')).toBeUndefined()
  expect(of('Environment')).toContain(`LICET_DATA=/var/lib/${of('StateDirectory')}`)
  expect(of('StateDirectoryMode')).toBe('0700')
})

test('secrets come from a file of root, not from the unit, which everybody may read', () => {
  expect(of('EnvironmentFile')).toMatch(/^-\/etc\/licet\//)
  expect(of('Environment')).not.toMatch(/KEY|TOKEN|DATABASE/)
})

test('memory that V8 may run is left to it', () => {
  expect(of('MemoryDenyWriteExecute')).toBeUndefined()
})

/** systemd's own judgement of a unit, with a program that is there on this machine. */
function analyze(...args: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'licet-unit-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'licet.service')
  writeFileSync(file, UNIT.replace('/usr/bin/node', process.execPath))
  return spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' })
}

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
if (!hasSystemd) console.warn('systemd-analyze is not there: the unit is not judged by systemd itself.')

test.skipIf(!hasSystemd)('systemd finds no fault in the unit, and little that is left open', () => {
  const said = analyze('verify').stderr.split('\n')
  expect(said.filter((line) => line.includes('licet.service'))).toEqual([])
  // Ten times the exposure level it prints; 20 and below it calls OK.
  expect(analyze('security', '--offline=true', '--threshold=20').status).toBe(0)
})
