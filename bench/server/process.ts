import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { pinned, SERVER_CORE } from './pin.ts'

export interface ServerProcess {
  readonly pid: number
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** What it wrote so far. */
  output(): string
  /** Asks it to end, and ends it when it does not. */
  stop(): Promise<void>
}

export interface Launch {
  /** Arguments of the same Node.js that runs the bench. */
  readonly args: readonly string[]
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  /** Output and log go to a file, as under a service manager. */
  readonly logFile: string
  /** Left out: the core of servers. */
  readonly cores?: string
}

/** Milliseconds. */
const LONGEST_START = 20_000
const LONGEST_STOP = 10_000

/** Starts a server on its cores and resolves when it answers HTTP. */
export async function startServer(launch: Launch): Promise<ServerProcess> {
  const { args, port, environment, logFile, cores = SERVER_CORE } = launch
  const log = openSync(logFile, 'a')
  const [command, ...rest] = pinned(cores, [process.execPath, ...args])
  const child = spawn(command!, rest, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...environment },
  })
  closeSync(log)
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const server = {
    pid: child.pid!,
    origin: `http://127.0.0.1:${port}`,
    output: () => readFileSync(logFile, 'utf8'),
    async stop() {
      process.off('exit', kill)
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(kill, LONGEST_STOP)
      await ended
      clearTimeout(timer)
    },
  }
  for (const from = performance.now(); performance.now() - from < LONGEST_START; await pause(20)) {
    if (child.exitCode !== null) break
    if (await answers(server.origin)) return server
  }
  await server.stop()
  throw new Error(`the server ${args.join(' ')} does not answer:\n${server.output()}`)
}

async function answers(origin: string): Promise<boolean> {
  try {
    await (await fetch(`${origin}/healthz`)).arrayBuffer()
    return true
  } catch {
    return false
  }
}

/** A port of the loopback interface that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
