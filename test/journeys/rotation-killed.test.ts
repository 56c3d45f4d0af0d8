import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { readConfig } from '../../src/runtime/config.ts'
import { openInstance } from '../../src/runtime/instance.ts'
import { createLog } from '../../src/runtime/log.ts'
import { program, type Ran } from '../support/program.ts'

const KILLER = fileURLToPath(new URL('../support/kill-at.mjs', import.meta.url))

/** Every test run kills at some of the writes; `npm run test:crash` at each. */
const STEP = process.env.LICET_CRASH_ROUNDS === undefined ? 3 : 1

const FORCE = ['--force', '--reason', 'test']
const ADD = ['keys', 'add']
const CERTIFY = ['keys', 'certify']
const PROMOTE = ['keys', 'promote', 'PENDING', ...FORCE]
const RETIRE = ['keys', 'retire', 'RETIRED']
const ROTATE = ['keys', 'rotate', '--usage', 'codes']
const SPARE = ['--private-file', 'SPARE', '--passphrase-file', 'SECRET']
const ADD_SPARE = ['keys', 'add', '--spare', '--from', '2026-01-01', ...SPARE]
const BRING_HOME = ['keys', 'import', '--private', 'SPARE', '--passphrase-file', 'SECRET']

let directory: string
let copies = 0
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'licet-killed-'))
  writeFileSync(join(directory, 'SECRET'), 'a good long phrase\n')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** A place with an instance and the file of a spare beside it; a copy of another when one is named. */
function place(of?: string): string {
  copies += 1
  const made = join(directory, `${copies}`)
  if (of !== undefined) cpSync(of, made, { recursive: true })
  return made
}

async function run(
  where: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const kid = async (status: string) => (await lookAt(where)).codes.find((key) => key.status === status)!.kid
  const line: string[] = []
  for (const word of args) {
    if (word === 'PENDING' || word === 'RETIRED') line.push(await kid(word.toLowerCase()))
    else if (word === 'SECRET') line.push(join(directory, word))
    else line.push(word === 'SPARE' ? join(where, 'spare.key') : word)
  }
  const one = program({ ...environment, LICET_DATA: join(where, 'data') })
  return one.run(...line).finally(() => one.remove())
}

/** What the instance holds, without names and times: the same after an interruption as without one. */
async function lookAt(where: string) {
  const read = readConfig({ LICET_DATA: join(where, 'data') })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const instance = await openInstance(read.config, ambient, createLog('silent').log)
  try {
    const { store, retiredKeys } = instance.authority
    const keys = await store.keys()
    const events = (await store.keyHistory()).map(({ event }) => event.type)
    const shape = keys.map(({ usage, status, sealed, certificates, spare }) =>
      [usage, status, sealed !== null, certificates.length, spare].join(' '),
    )
    const hasFile = existsSync(join(where, 'spare.key'))
    const seen = { keys: shape.sort(), events, retired: retiredKeys.all().size, hasFile }
    return { seen, codes: keys.filter(({ usage, spare }) => usage === 'codes' && !spare) }
  } finally {
    await instance.close()
  }
}

async function prepared(steps: readonly (readonly string[])[]): Promise<string> {
  const where = place()
  for (const step of [['init'], ...steps]) {
    const { code, stderr } = await run(where, step)
    if (code !== 0) throw new Error(`${step.join(' ')}: ${stderr}`)
  }
  return where
}

describe('killed -9 before any of its writes and run again', { timeout: 300_000 }, () => {
  it.each([
    ['keys add', ADD, [], STEP],
    ['keys certify', CERTIFY, [ADD], STEP],
    ['keys promote', PROMOTE, [ADD, CERTIFY], STEP],
    ['keys retire', RETIRE, [ADD, CERTIFY, PROMOTE], STEP],
    ['keys rotate', ROTATE, [], 1],
    ['keys add --spare', ADD_SPARE, [], STEP],
    ['keys import --private', BRING_HOME, [ADD_SPARE], STEP],
  ])('%s ends as if nothing had happened', async (_, args, before, step) => {
    const founded = await prepared(before)
    const undisturbed = place(founded)
    expect(await run(undisturbed, args)).toMatchObject({ code: 0 })
    const { seen: whole } = await lookAt(undisturbed)
    let kills = 0
    for (let write = 1; ; write += step) {
      const where = place(founded)
      const killer = { NODE_OPTIONS: `--import=${KILLER}`, KILL_AT: `${write}` }
      const killed = await run(where, args, killer)
      if (killed.code === 0) break
      kills += 1
      const again = await run(where, args)
      expect(again, `killed at ${write}`).toMatchObject({ code: 0, stderr: '' })
      expect((await lookAt(where)).seen, `killed at ${write}`).toEqual(whole)
    }
    expect(kills).toBeGreaterThan(1)
  })
})
