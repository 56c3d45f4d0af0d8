import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../scripts/dev-worker.ts', import.meta.url))

const data = mkdtempSync(join(tmpdir(), 'licet-dev-worker-'))
let port: number
let running: ChildProcess | null = null

beforeAll(async () => {
  port = await freePort()
})
afterAll(async () => {
  await stopped()
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number }
      server.close(() => resolve(free))
    })
  })
}

/** As `npm run dev:worker` runs it; resolves with what it said when it serves. */
function started(): Promise<string> {
  const env = { ...process.env, LICET_DATA: data, LICET_PORT: String(port), NO_COLOR: '1' }
  const child = spawn(process.execPath, [SCRIPT], { env })
  running = child
  let said = ''
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes(`The Worker serves on http://127.0.0.1:${port}`)) resolve(said)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)))
  })
}

async function stopped(): Promise<void> {
  const child = running
  if (child === null || child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)

it('a Worker on this machine is made with one command, and goes on where it was', async () => {
  expect(await started()).toContain('Made a new instance.')
  expect(statSync(join(data, 'secrets.env')).mode & 0o077).toBe(0)
  const before = await ask('/readyz')
  expect([before.status, await before.json()]).toMatchObject([200, { status: 'ok' }])
  const keys = await (await ask('/.well-known/jwks.json')).json()
  expect((await ask('/cdn-cgi/local/scheduled')).status).toBe(200)
  await stopped()
  await expect(ask('/healthz')).rejects.toThrow()

  expect(await started()).not.toContain('Made a new instance.')
  expect(await (await ask('/.well-known/jwks.json')).json()).toEqual(keys)
}, 120_000)

it('a Worker is not begun where something else listens, and nobody is told its token', async () => {
  await stopped()
  const heard: string[] = []
  const other = createServer((socket) => socket.on('data', (bytes) => heard.push(bytes.toString())))
  await new Promise<void>((listening) => other.listen(port, '127.0.0.1', listening))
  await expect(started()).rejects.toThrow(`something listens on port ${port} already`)
  expect(heard).toEqual([])
  await new Promise((closed) => other.close(closed))
}, 60_000)
