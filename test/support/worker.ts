import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { COMPATIBILITY_DATE, startMiniflare, statementsOf } from './d1.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Bundle {
  readonly text: string
  /** What wrangler said. */
  readonly said: string
}

/** What `wrangler deploy` would upload. Needs no account and no network. */
export async function bundledWorker(): Promise<Bundle> {
  const out = mkdtempSync(join(tmpdir(), 'licet-bundle-'))
  try {
    const args = ['deploy', '--dry-run', '--outdir', out]
    const said = await wrangler(...args)
    return { text: readFileSync(join(out, 'worker.js'), 'utf8'), said }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** Runs wrangler in the project and answers with what it said; rejects when it fails. */
export async function wrangler(...args: readonly string[]): Promise<string> {
  const program = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const env = { ...process.env, CI: '1', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: ROOT,
    env,
  })
  return stdout + stderr
}

export interface RunningWorker {
  readonly url: string
  /** As the cron trigger. */
  cron(): Promise<void>
  close(): Promise<void>
}

/** The bundle in workerd, with the tables that the migrations make and these variables and secrets. */
export async function startWorker(
  { text }: Bundle,
  variables: Readonly<Record<string, string>>,
): Promise<RunningWorker> {
  const texts = Object.entries(variables).map(([name, value]) => [name, { type: 'text', value }])
  const workerd = await startMiniflare({
    name: 'licet',
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: ['nodejs_compat'],
    manifest: {
      mainModule: 'worker.mjs',
      modulesRoot: '/',
      modules: { 'worker.mjs': { type: 'esm', contents: text } },
    },
    env: { DB: { type: 'd1', id: 'DB' }, ...Object.fromEntries(texts) },
    exports: {},
  })
  const { origin } = await workerd.ready
  const d1 = await workerd.getD1Database('DB')
  for (const migration of migrations()) {
    await d1.batch(statementsOf(migration).map((sql) => d1.prepare(sql)))
  }
  return {
    url: origin,
    async cron() {
      const { outcome } = await (await workerd.getWorker()).scheduled({ cron: '* * * * *' })
      if (outcome !== 'ok') throw new Error(`the cron trigger ended with ${outcome}`)
    },
    close: () => workerd.dispose(),
  }
}

function migrations(): readonly string[] {
  const folder = join(ROOT, 'migrations')
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8'))
}
