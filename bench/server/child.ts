import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { pinned, SERVER_CORE } from './pin.ts'

/** Runs one of the bench's in-process measurements in a process of its own, and reads the JSON it prints. */
export async function measureInChild<T>(program: URL, settings: object, longestMs: number): Promise<T> {
  const [command, ...args] = pinned(SERVER_CORE, [
    process.execPath,
    fileURLToPath(program),
    JSON.stringify(settings),
  ])
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const timer = setTimeout(kill, longestMs)
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  clearTimeout(timer)
  process.off('exit', kill)
  if (code !== 0) throw new Error(`${fileURLToPath(program)} ended with ${code}`)
  return JSON.parse(printed) as T
}
