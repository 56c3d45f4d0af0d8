import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

// The Worker on this machine, with a D1 of its own: no account, no network. Makes what is missing: secrets, tables,
// keys. All of it lies in LICET_DATA, by default .licet-worker; removing that directory begins anew.

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
const LICET = join(ROOT, 'bin/licet.js')

const data = resolve(process.env.LICET_DATA ?? join(ROOT, '.licet-worker'))
const port = process.env.LICET_PORT ?? '8787'
const url = `http://127.0.0.1:${port}`
const state = join(data, 'state')
const secretsFile = join(data, 'secrets.env')

/** Long enough for a machine that is busy. Milliseconds. */
const PATIENCE = 60_000

// Whoever listens there would be given the operator token.
if (!(await isFree())) giveUp(`something listens on port ${port} already; set LICET_PORT to another one`)
mkdirSync(data, { recursive: true, mode: 0o700 })
if (!existsSync(secretsFile)) writeFileSync(secretsFile, newSecrets(), { mode: 0o600 })
const secrets = Object.fromEntries(
  readFileSync(secretsFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('=', 2) as [string, string]),
)
const quiet = { ...process.env, WRANGLER_SEND_METRICS: 'false' }

const tables = ['d1', 'migrations', 'apply', 'licet', '--local', '--persist-to', state]
execFileSync(process.execPath, [WRANGLER, ...tables], {
  cwd: ROOT,
  env: { ...quiet, CI: '1' },
  stdio: ['ignore', 'inherit', 'inherit'],
})
const worker = startWorker()
await untilHealthy(worker)
makeInstance(worker)
// wrangler leaves the cron trigger of a local Worker to whoever runs it.
setInterval(() => void fetch(`${url}/cdn-cgi/local/scheduled`).catch(() => undefined), 60_000)
console.log(`
The Worker serves on ${url}. Work on it from another terminal:
  export LICET_DATA=${data} $(cat ${secretsFile})
  npx licet --remote ${url} channel add huawei --kind huawei --access-key-file FILE
  npx licet --remote ${url} catalog apply FILE
  curl ${url}/readyz`)

function newSecrets(): string {
  const secret = (bytes: number) => randomBytes(bytes).toString('base64url')
  return `LICET_MASTER_KEY=${secret(32)}\nLICET_OPERATOR_TOKEN=${secret(24)}\n`
}

/** A group of its own: wrangler does not end workerd with itself when it is ended alone. */
function startWorker(): ChildProcess {
  const place = ['--port', port, '--ip', '127.0.0.1', '--persist-to', state, '--env-file', secretsFile]
  const args = ['dev', ...place, '--var', `LICET_PUBLIC_URL:${url}`, '--show-interactive-dev-session=false']
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    env: quiet,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.pid !== undefined && process.kill(-child.pid, 'SIGTERM'))
  }
  child.once('exit', (code) => process.exit(code ?? 0))
  return child
}

async function untilHealthy(child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 250) {
    const answer = await fetch(`${url}/healthz`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await pause(250)
  }
  giveUp(`nothing answers on ${url}`, child)
}

function isFree(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(Number(port), '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function giveUp(why: string, child?: ChildProcess): never {
  console.error(`dev:worker failed: ${why}.`)
  if (child?.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  process.exit(3)
}

/** Exit code 1: there is one already. */
function makeInstance(child: ChildProcess): void {
  const env = { ...process.env, ...secrets, LICET_DATA: data }
  try {
    execFileSync(process.execPath, [LICET, 'init', '--remote', url], { env, stdio: 'pipe' })
    console.log('Made a new instance.')
  } catch (thrown) {
    const { status, stderr } = thrown as { status: number | null; stderr: Buffer }
    if (status !== 1) giveUp(stderr.toString().trim().replace(/\.$/, ''), child)
  }
}
