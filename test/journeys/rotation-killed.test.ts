import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
const ADD_SPARE = ['keys', 'add', '--spare', ...SPARE]
const BRING_HOME = ['keys', 'import', '--private', 'SPARE', '--passphrase-file', 'SECRET']
const CHAIN = ['--manifest', 'PINNED']
const BY_ROOT = ['--key', 'ROOT_KEY', '--passphrase-file', 'SECRET']
/** The way from a development root to another, up to the import: it changes the keys, the manifests, and ends the old root. */
const CEREMONY = [
  ['root', 'new', '--threshold', '1', '--keys', '1', '--out', 'ROOT', '--passphrase-file', 'SECRET'],
  [
    ...['root', 'rotate', ...CHAIN, '--add', 'ROOT_MANIFEST', '--revoke', 'DEVELOPMENT', '--reason', 'test'],
    ...[...BY_ROOT, '--out', 'DRAFT'],
  ],
  ['root', 'sign', 'DRAFT', ...CHAIN, '--development', '--out', 'NEXT'],
  ['keys', 'request', 'ACTIVE', '--request-file', 'REQUESTS'],
  ['root', 'certify', 'REQUESTS', ...CHAIN, '--manifest', 'NEXT', ...BY_ROOT, '--out', 'CERTIFICATES'],
]
const IMPORT = ['keys', 'import', 'NEXT', 'CERTIFICATES']

/** Files of a place, by the words that stand for them. */
const FILES: Readonly<Record<string, string>> = {
  SPARE: 'spare.key',
  ROOT: 'root',
  ROOT_MANIFEST: 'root/root-manifest.json',
  PINNED: 'data/root-manifests.json',
  DRAFT: 'draft.json',
  NEXT: 'next.json',
  REQUESTS: 'requests.txt',
  CERTIFICATES: 'certificates.txt',
}

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
  const line: string[] = []
  for (const word of args) line.push(...(await meaning(where, word)))
  const one = program({ ...environment, LICET_DATA: join(where, 'data') })
  return one.run(...line).finally(() => one.remove())
}

/** What a word stands for at a place: keys, files, or itself. */
async function meaning(where: string, word: string): Promise<readonly string[]> {
  const kid = async (status: string) => (await lookAt(where)).codes.find((key) => key.status === status)!.kid
  switch (word) {
    case 'PENDING':
    case 'RETIRED':
      return [await kid(word.toLowerCase())]
    case 'ACTIVE':
      return (await lookAt(where)).active
    case 'DEVELOPMENT':
      return [(await lookAt(where)).developmentRoot!]
    case 'ROOT_KEY':
      return readdirSync(join(where, 'root')).flatMap((name) =>
        name.endsWith('.key') ? [join(where, 'root', name)] : [],
      )
    case 'SECRET':
      return [join(directory, word)]
    default:
      return [word in FILES ? join(where, FILES[word]!) : word]
  }
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
    const manifests = [(await store.manifests()).length, publishedAt(where)]
    const developmentRoot = await store.setting('development_root')
    const roots = [developmentRoot !== null, existsSync(join(where, 'data', 'development-root.jwe'))]
    const seen = { keys: shape.sort(), events, retired: retiredKeys.all().size, hasFile, manifests, roots }
    const active = keys.filter(({ status }) => status === 'active').map(({ kid }) => kid)
    return {
      seen,
      codes: keys.filter(({ usage, spare }) => usage === 'codes' && !spare),
      active,
      developmentRoot,
    }
  } finally {
    await instance.close()
  }
}

/** How many manifests lie beside the database. */
const publishedAt = (where: string): number =>
  JSON.parse(readFileSync(join(where, 'data', 'root-manifests.json'), 'utf8')).length

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
    ['keys import FILE', IMPORT, CEREMONY, 1],
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
