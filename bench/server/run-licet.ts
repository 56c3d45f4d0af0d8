import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { pinned, SERVER_CORE } from './pin.ts'
import { LICET } from './product.ts'

export interface Ran {
  readonly output: string
  readonly seconds: number
  /** The most memory that was resident at once; null where there is no /proc. */
  readonly peakMebibytes: number | null
}

/** Milliseconds between two looks: the kernel keeps the peak, and the last look is close to the end. */
const LOOK_EVERY = 50

/** Runs a command of the product on the core of servers, from its start to its end; throws when it fails. */
export async function runLicet(
  data: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Ran> {
  const [command, ...rest] = pinned(SERVER_CORE, [process.execPath, LICET, ...args])
  const env = { ...process.env, ...environment, LICET_DATA: data }
  const began = performance.now()
  const child = spawn(command!, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let peakMebibytes: number | null = null
  const looking = setInterval(() => {
    peakMebibytes = peakOf(child.pid!) ?? peakMebibytes
  }, LOOK_EVERY)
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  const seconds = (performance.now() - began) / 1000
  clearInterval(looking)
  process.off('exit', kill)
  if (code !== 0) throw new Error(`licet ${args[0]} ended with ${code}: ${errors}`)
  return { output, seconds, peakMebibytes }
}

function peakOf(pid: number): number | null {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
    return kibibytes === undefined ? null : Number(kibibytes) / 1024
  } catch {
    return null
  }
}
