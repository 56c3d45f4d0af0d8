import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const BIN = fileURLToPath(new URL('../../bin/licet.js', import.meta.url))

/** A port of 0 lets the machine choose; the server says which. */
const LISTENING = /serves on (http:\/\/[^\s]+)/

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly url: string
  readonly process: ChildProcess
  /** What it said so far. */
  said(): string
  /** Ends it with a signal and waits for its end; answers with the exit code, or null when the signal killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The real program on a data directory of its own, as a seller's engineer runs it. */
export interface Program {
  readonly data: string
  file(name: string, text: string): string
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<Ran>
  /** Runs a command with --json that must succeed; answers with the document. */
  json<T>(...args: readonly string[]): Promise<T>
  start(command?: 'serve' | 'start', environment?: NodeJS.ProcessEnv): Promise<Running>
  /** Ends what still runs and removes the directory. */
  remove(): Promise<void>
}

export function program(environment: NodeJS.ProcessEnv = {}): Program {
  const directory = mkdtempSync(join(tmpdir(), 'licet-journey-'))
  const data = join(directory, 'data')
  const env = { ...process.env, LICET_DATA: data, LICET_PORT: '0', NO_COLOR: '1', ...environment }
  const running: Running[] = []

  const run = (...args: readonly string[]): Promise<Ran> =>
    new Promise((resolve) => {
      execFile(process.execPath, [BIN, ...args], { env, cwd: directory }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 99), stdout, stderr })
      })
    })

  return {
    data,
    run,
    file(name, text) {
      const path = join(directory, name)
      writeFileSync(path, text)
      return path
    },
    async json(...args) {
      const { code, stdout, stderr } = await run(...args, '--json')
      if (code !== 0) throw new Error(`licet ${args.join(' ')} ended with ${code}: ${stderr}`)
      return JSON.parse(stdout)
    },
    async start(command = 'serve', extra = {}) {
      const child = spawn(process.execPath, [BIN, command], { env: { ...env, ...extra }, cwd: directory })
      const started = await untilListening(child)
      running.push(started)
      return started
    },
    async remove() {
      await Promise.all(running.map((one) => one.stop('SIGKILL')))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export function untilListening(child: ChildProcess): Promise<Running> {
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      text += chunk.toString()
      const url = LISTENING.exec(text)?.[1]
      if (url) resolve({ url, process: child, said: () => text, stop })
    }
    const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      return ended
    }
    child.stderr?.on('data', listen)
    child.stdout?.on('data', listen)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
  })
}
