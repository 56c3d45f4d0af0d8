import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { D1Binding, D1Statement } from '../../src/store/d1/engine.ts'
import type { SqlValue } from '../../src/store/engine.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { inTemporaryFolder } from '../hosts/temporary.ts'
import { SCHEMA } from './store-sqlite.ts'

/** As much of Miniflare, which starts workerd, as is needed here. */
export interface Miniflare {
  /** Where it listens. */
  readonly ready: Promise<URL>
  dispatchFetch(url: string, init?: RequestInit): Promise<Response>
  getD1Database(binding: string): Promise<D1Binding>
  getWorker(): Promise<{ scheduled(options: { cron: string }): Promise<{ outcome: string }> }>
  dispose(): Promise<void>
}

/** The date whose behaviour of Workers is asked for, as in wrangler.toml. */
export const COMPATIBILITY_DATE = '2026-04-01'

/** One statement as it travels to the worker. */
interface Asked {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** Runs what it is sent on its D1 binding, through the API that Workers have. */
const RUNNER = `export default {
  async fetch(request, { DB }) {
    const bound = ({ sql, values }) => DB.prepare(sql).bind(...values)
    const { one, batch } = await request.json()
    try {
      return Response.json({ answer: one ? await bound(one).all() : await DB.batch(batch.map(bound)) })
    } catch (thrown) {
      return Response.json({ thrown: thrown.message })
    }
  }
}`

export interface LocalD1 {
  readonly binding: D1Binding
  /** Leaves the tables, and in them nothing but the version of the schema. */
  empty(): Promise<void>
  close(): Promise<void>
}

/** Miniflare with one worker; `config` as its own form has it. */
export async function startMiniflare(config: object): Promise<Miniflare> {
  const wrangler = createRequire(createRequire(import.meta.url).resolve('wrangler'))
  const { Miniflare } = wrangler('miniflare') as { Miniflare: new (options: object) => Miniflare }
  // Miniflare leaves the removal of its own folder unfinished when the process ends.
  const folder = await mkdtemp(join(tmpdir(), 'licet-d1-'))
  const running = await inTemporaryFolder(folder, async () => new Miniflare({ workers: [{ config }] }))
  return {
    ready: running.ready,
    dispatchFetch: (url, init) => running.dispatchFetch(url, init),
    getWorker: () => running.getWorker(),
    getD1Database: (binding) => running.getD1Database(binding),
    async dispose() {
      await running.dispose()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** D1 as workerd runs it, reached from here; with the tables of `schema.sql` unless another schema is given. */
export async function startD1(schema: string = SCHEMA): Promise<LocalD1> {
  const workerd = await startMiniflare({
    name: 'd1',
    compatibilityDate: COMPATIBILITY_DATE,
    manifest: {
      mainModule: 'd1.mjs',
      modulesRoot: '/',
      modules: { 'd1.mjs': { type: 'esm', contents: RUNNER } },
    },
    env: { DB: { type: 'd1', id: 'DB' } },
    exports: {},
  })
  const binding = bindingOf(async (asked) => {
    const response = await workerd.dispatchFetch('http://d1/', {
      method: 'POST',
      body: JSON.stringify(asked),
    })
    const { answer, thrown } = (await response.json()) as { answer: never; thrown?: string }
    if (thrown !== undefined) throw new Error(thrown)
    return answer
  })
  const run = (...statements: readonly string[]) =>
    binding.batch(statements.map((sql) => binding.prepare(sql)))
  const tables = tablesOf(schema)
  const version = `INSERT INTO settings (name, value) VALUES ('schema_version', '${SCHEMA_VERSION}')`
  const make = async () => {
    if (tables.length > 0) await run(...statementsOf(schema))
    if (tables.includes('settings')) await run(version)
  }
  await make().catch(async (thrown: unknown) => {
    await workerd.dispose()
    throw thrown
  })
  return {
    binding,
    empty: async () => void (await run(...tables.map((table) => `DELETE FROM ${table}`), version)),
    close: () => workerd.dispose(),
  }
}

/** The statements of a text that has comments on lines of their own and no semicolon but at the ends. */
export function statementsOf(text: string): readonly string[] {
  return text
    .replaceAll(/^\s*--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/** Those that refer to others first. */
const tablesOf = (schema: string): readonly string[] =>
  [...schema.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name!).reverse()

type Send = (asked: { one: Asked } | { batch: readonly Asked[] }) => Promise<never>

function bindingOf(send: Send): D1Binding {
  const asked = new WeakMap<D1Statement, Asked>()
  const statement = (sql: string, values: readonly SqlValue[]): D1Statement => {
    const made: D1Statement = {
      bind: (...next) => statement(sql, next),
      all: () => send({ one: { sql, values } }),
    }
    asked.set(made, { sql, values })
    return made
  }
  return {
    prepare: (sql) => statement(sql, []),
    batch: (statements) => send({ batch: statements.map((one) => asked.get(one)!) }),
  }
}
