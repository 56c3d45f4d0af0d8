import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { run } from '../../src/cli/main.ts'
import { type Shell, Unreadable } from '../../src/cli/shell.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { createPassphraseSealing } from '../../src/crypto/passphrase.ts'
import { checkingOf } from '../../src/runtime/checking.ts'
import { readConfig } from '../../src/runtime/config.ts'
import { exportTo } from '../../src/runtime/export.ts'
import { importFrom } from '../../src/runtime/import.ts'
import { init } from '../../src/runtime/init.ts'
import { openInstance } from '../../src/runtime/instance.ts'
import { pinnedManifests } from '../../src/runtime/manifests.ts'
import { migrating } from '../../src/runtime/migrate.ts'
import { reseal } from '../../src/runtime/reseal.ts'
import { restoreFrom, restoreInPlace } from '../../src/runtime/restore.ts'

/** 2026-03-01T00:00:00Z, when every test begins. */
export const START = 1_772_323_200
export const DAY = 86_400

export interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
  /** Standard output as the one JSON document it must be. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into documents freely
  readonly json: () => any
}

/** The command line on a real instance in a directory of its own, with files and a clock of the test's. */
export interface Stage {
  readonly data: string
  readonly files: Map<string, string | Uint8Array>
  licet(...argv: string[]): Promise<Ran>
  pass(seconds: number): void
  /** What only a callback could do. */
  inside<T>(work: (authority: Authority) => Promise<T>): Promise<T>
  /** The bytes of every file of the instance, for looking for what must not be there. */
  stored(): string
}

export function emptyStage(changed: Partial<Shell> = {}): Stage {
  const data = mkdtempSync(join(tmpdir(), 'licet-cli-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  return stageIn(data, changed)
}

function stageIn(data: string, changed: Partial<Shell> = {}): Stage {
  const read = readConfig({ LICET_DATA: data, LICET_PUBLIC_URL: 'https://license.example.com' })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const { config } = read
  let now = START
  const ambient = { now: () => now, nowMs: () => now * 1000, random: (length: number) => randomBytes(length) }
  const open = () => openInstance(config, ambient, SILENT)
  const files = new Map<string, string | Uint8Array>()
  const shell: Omit<Shell, 'out' | 'err'> = {
    now: ambient.now,
    version: '1.2.3',
    builtAt: START - DAY,
    isPublic: true,
    crypto: nodeCrypto,
    read: async (path) => bytesOf(files.get(path), path),
    write: async (path, text) => writeNew(files, path, text),
    mustBeFree: async (path) => mustBeFree(files, path),
    async writeDirectory(path, made) {
      mustBeFree(files, path)
      for (const { name, text } of made) writeNew(files, `${path}/${name}`, text)
    },
    askSecret: async () => null,
    user: 'support',
    passphrases: createPassphraseSealing(ambient.random, QUICK),
    reached: null,
    reach: () => {
      throw new Error('this stage has no network')
    },
    open,
    pinnedManifests: async () => pinnedManifests(config),
    init: (manifests) => init(config, ambient, manifests),
    reseal: (order) => reseal(config, ambient, order),
    moves: {
      exportTo: exportTo(config, ambient),
      importFrom: importFrom(config, ambient),
      restoreFrom: restoreFrom(config, ambient),
      restoreInPlace: restoreInPlace(config, ambient),
    },
    migrating: migrating(config),
    checking: async (kind) => checkingOf(kind),
    isTerminal: false,
    pause: async (seconds) => {
      now += seconds
    },
    simulate: async () => 0,
    serve: async () => 0,
    demo: async () => 0,
    ...changed,
  }
  return {
    data,
    files,
    licet: (...argv) => captured(shell, argv),
    pass: (seconds) => {
      now += seconds
    },
    async inside(work) {
      const opened = await open()
      return work(opened.authority).finally(() => opened.close())
    },
    stored: () =>
      readdirSync(data)
        .map((name) => readFileSync(join(data, name), 'latin1'))
        .join(''),
  }
}

/** With keys, the channel `huawei` and the catalog of `CATALOG`. */
export async function stage(changed: Partial<Shell> = {}): Promise<Stage> {
  const made = emptyStage(changed)
  made.files.set('access-key.txt', 'the-first-access-key\n')
  template ??= furnished()
  for (const [name, bytes] of await template) writeFileSync(join(made.data, name), bytes, { mode: 0o600 })
  return made
}

/** Made once, then copied: most tests begin with it. */
let template: Promise<ReadonlyMap<string, Buffer>> | null = null

async function furnished(): Promise<ReadonlyMap<string, Buffer>> {
  const data = mkdtempSync(join(tmpdir(), 'licet-cli-'))
  const { licet, files } = stageIn(data)
  files.set('access-key.txt', 'the-first-access-key\n')
  files.set('catalog.json', JSON.stringify(CATALOG))
  await must(licet('init'))
  await must(licet('channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', 'access-key.txt'))
  await must(licet('catalog', 'apply', 'catalog.json'))
  const made = new Map(readdirSync(data).map((name) => [name, readFileSync(join(data, name))]))
  rmSync(data, { recursive: true })
  return made
}

/** A license of `cad-pro standard`, paid for a year from `START`; answers with its id. */
export async function sold({ licet }: Stage, ...more: string[]): Promise<string> {
  const sale = ['--product', 'cad-pro', '--edition', 'standard', '--until', '2027-03-01', ...more]
  return (await must(licet('license', 'issue', ...sale, '--json'))).json().id
}

/** The catalog of contract 6, whose offers are of a channel `huawei`. */
export const CATALOG = {
  products: [
    {
      id: 1001,
      code: 'cad-pro',
      name: 'CAD Pro',
      graceDays: 3,
      features: ['render', 'export', 'simulate'],
      editions: [
        { id: 1, code: 'standard', features: ['render'] },
        { id: 2, code: 'flagship', features: ['render', 'export', 'simulate'] },
      ],
    },
  ],
  offers: [
    {
      channel: 'huawei',
      marketplaceProduct: 'OFFI123',
      sku: 'sku-gold',
      product: 'cad-pro',
      edition: 'flagship',
      seats: 'amount',
    },
  ],
}

async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running
  if (ran.exit !== 0) throw new Error(`exit ${ran.exit}: ${ran.err}`)
  return ran
}

async function captured(shell: Omit<Shell, 'out' | 'err'>, argv: readonly string[]): Promise<Ran> {
  const written = { out: '', err: '' }
  const out = (text: string) => {
    written.out += text
  }
  const err = (text: string) => {
    written.err += text
  }
  const exit = await run(argv, { ...shell, out, err })
  return { exit, ...written, json: () => JSON.parse(written.out) }
}

/** A work factor for tests: what it protects are test keys. */
const QUICK = { logN: 4, r: 8, p: 1 }

function writeNew(files: Map<string, string | Uint8Array>, path: string, text: string): void {
  mustBeFree(files, path)
  files.set(path, text)
}

function mustBeFree(files: Map<string, string | Uint8Array>, path: string): void {
  if ([...files.keys()].some((name) => name === path || name.startsWith(`${path}/`)))
    throw new Unreadable(`The file ${path} exists already, and nothing is replaced.`)
}

function bytesOf(file: string | Uint8Array | undefined, path: string): Uint8Array {
  if (file === undefined) throw new Unreadable(`${path} cannot be read: there is no such file.`)
  return typeof file === 'string' ? new TextEncoder().encode(file) : file
}

const nothing = () => undefined
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }
