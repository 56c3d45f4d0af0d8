import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { breaches, type Rule } from './support/architecture.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Every TypeScript source of the project, as path → text. */
function sources(): ReadonlyMap<string, string> {
  const names = readdirSync(`${ROOT}/src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  return new Map(names.sort().map((name) => [`src/${name}`, readFileSync(`${ROOT}/src/${name}`, 'utf8')]))
}

describe('the house', () => {
  test('has no breach of its rules', { timeout: 30_000 }, () => {
    const tree = sources()
    expect(tree.has('src/domain/decide.ts')).toBe(true)
    expect(breaches(tree)).toEqual([])
  })
})

const lines = (count: number) => 'export {}\n'.repeat(count)

describe('a planted breach is found', () => {
  const planted: readonly [Rule, string, string, string][] = [
    ['room', 'src/attic/new.ts', 'attic', 'export {}'],
    ['room', 'src/loose.ts', 'src/loose.ts', 'export {}'],

    ['floor', 'src/format/jws.ts', '../domain/decide.ts', "import { decide } from '../domain/decide.ts'"],
    [
      'floor',
      'src/domain/decide.ts',
      '../authority/ports.ts',
      "import type { Store } from '../authority/ports.ts'",
    ],
    ['floor', 'src/domain/decide.ts', '../verify/steps.ts', "import { verify } from '../verify/steps.ts'"],
    ['floor', 'src/verify/steps.ts', '../domain/decide.ts', "export { decide } from '../domain/decide.ts'"],
    ['floor', 'src/verify/steps.ts', '../domain/decide.ts', "export * from '../domain/decide.ts'"],
    ['floor', 'src/http/app.ts', '../store/schema.ts', "import '../store/schema.ts'"],
    ['floor', 'src/store/rows.ts', '../crypto/node.ts', "const c = await import('../crypto/node.ts')"],
    ['floor', 'src/cli/main.ts', '../http/app.ts', "type App = import('../http/app.ts').App"],
    ['floor', 'src/authority/sell.ts', '../store/sqlite.ts', "import { open } from '../store/sqlite.ts'"],
    ['floor', 'src/http/app.ts', '../runtime/node.ts', "import { main } from '../runtime/node.ts'"],
    [
      'floor',
      'src/runtime/node.ts',
      '../../test/support/given.ts',
      "import { given } from '../../test/support/given.ts'",
    ],
    ['floor', 'src/store/deep/er.ts', '../../crypto/node.ts', "import { x } from '../../crypto/node.ts'"],

    ['package home', 'src/http/app.ts', 'kysely', "import { Kysely } from 'kysely'"],
    ['package home', 'src/runtime/node.ts', 'better-sqlite3', "import type Database from 'better-sqlite3'"],
    ['package home', 'src/cli/main.ts', 'hono/tiny', "import { Hono } from 'hono/tiny'"],
    ['package home', 'src/http/app.ts', '@hono/node-server', "import { serve } from '@hono/node-server'"],
    ['package home', 'src/runtime/node.ts', 'commander', "import { Command } from 'commander'"],
    ['package home', 'src/store/sqlite.ts', 'pino', "import pino from 'pino'"],
    ['package home', 'src/verify/web.ts', 'tweetnacl', "import nacl from 'tweetnacl'"],
    ['package home', 'src/crypto/node.ts', 'jose', "import { SignJWT } from 'jose'"],
    ['package home', 'src/store/sqlite.ts', 'fs', "import fs from 'fs'"],
    ['package home', 'src/runtime/node.ts', 'pg', "const db = require('pg')"],

    ['builtin home', 'src/http/app.ts', 'node:crypto', "import { createHash } from 'node:crypto'"],
    ['builtin home', 'src/format/bytes.ts', 'node:buffer', "import { Buffer } from 'node:buffer'"],
    ['builtin home', 'src/verify/steps.ts', 'node:crypto', "import { verify } from 'node:crypto'"],
    [
      'builtin home',
      'src/marketplace/huawei/wire.ts',
      'node:querystring',
      "import qs from 'node:querystring'",
    ],

    ['ambience', 'src/domain/decide.ts', 'Date.now', 'const now = Date.now()'],
    ['ambience', 'src/http/app.ts', 'Date.now', 'const clock = { now: Date.now }'],
    ['ambience', 'src/store/sqlite.ts', 'Date.now', "const now = globalThis.Date['now']()"],
    ['ambience', 'src/cli/main.ts', 'Date.now', 'const { now: clock } = Date'],
    ['ambience', 'src/authority/sell.ts', 'new Date()', 'const today = new Date()'],
    ['ambience', 'src/authority/sell.ts', 'new Date()', 'const today = new Date'],
    ['ambience', 'src/authority/sell.ts', 'Date()', 'const today = Date()'],
    ['ambience', 'src/format/bytes.ts', 'Math.random', 'const dice = Math.random'],
    ['ambience', 'src/crypto/node.ts', 'performance.now', 'const started = performance.now()'],
    ['ambience', 'src/http/app.ts', 'crypto.randomUUID', 'const id = crypto.randomUUID()'],
    ['ambience', 'src/crypto/node.ts', 'crypto.randomUUID', "import { randomUUID } from 'node:crypto'"],

    ['extension', 'src/domain/decide.ts', './result', "import { no } from './result'"],
    ['extension', 'src/domain/decide.ts', './result.js', "import { no } from './result.js'"],
    ['extension', 'src/http/app.ts', '../format', "export * from '../format'"],

    ['size', 'src/domain/decide.ts', '251 lines', lines(251)],
  ]
  test.each(planted)('against the rule of %s in %s: %s', (rule, path, found, text) => {
    const short = Array.from({ length: 3 }, (_, i) => [`src/format/short-${i}.ts`, 'export {}'] as const)
    const about = breaches(new Map([...short, [path, text]])).filter((breach) => breach.rule === rule)
    expect(about).toEqual([{ rule, path, found }])
  })
  test('against the median when half of the files have 100 lines or more', () => {
    const tree = new Map([1, 2, 3, 4].map((i) => [`src/format/file-${i}.ts`, lines(i > 2 ? 100 : 10)]))
    expect(breaches(tree)).toEqual([{ rule: 'median', path: 'src', found: '100 lines' }])
  })
})

describe('what is allowed is not found', () => {
  test.each([
    ['a lower floor', 'src/http/app.ts', "import { sell } from '../authority/sell.ts'"],
    ['two floors down', 'src/domain/keyring.ts', "import { USAGE } from '../format/key-certificate.ts'"],
    ['its own folder', 'src/store/sqlite.ts', "export { rows } from './rows.ts'"],
    [
      'its own folder, deeper and back',
      'src/marketplace/huawei/wire.ts',
      "import { registry } from '../registry.ts'",
    ],
    ['anything from the top', 'src/runtime/node.ts', "import { app } from '../http/app.ts'"],
    ['a package in its home', 'src/store/sqlite.ts', "import { sql } from 'kysely'"],
    ['a sub-path of a package in its home', 'src/http/app.ts', "import { stream } from 'hono/streaming'"],
    ['the fallback verifier in its one file', 'src/verify/fallback.ts', "import nacl from 'tweetnacl'"],
    ['a builtin in its one file of verify', 'src/verify/node.ts', "import { verify } from 'node:crypto'"],
    [
      'the clock on floor 4',
      'src/runtime/node.ts',
      'export const now = () => Date.now() + new Date().getTime()',
    ],
    [
      'a date made from a number',
      'src/domain/time.ts',
      'export const iso = (s: number) => new Date(s * 1000)',
    ],
    ['a clock that was given', 'src/http/app.ts', 'export const at = (ambient: Ambient) => ambient.now()'],
    [
      'a comment that speaks of the clock',
      'src/domain/time.ts',
      '/** Not `Date.now()`; import x from "kysely" */',
    ],
    [
      'a string that speaks of an import',
      'src/domain/time.ts',
      `export const text = "import x from 'kysely'"`,
    ],
    ['a file of 250 lines', 'src/domain/time.ts', lines(250)],
  ])('%s', (_what, path, text) => {
    const short = Array.from({ length: 3 }, (_, i) => [`src/format/short-${i}.ts`, 'export {}'] as const)
    expect(breaches(new Map([...short, [path, text]]))).toEqual([])
  })
})
