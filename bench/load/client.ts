import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LOAD_CORE, pinned } from '../server/pin.ts'
import type { Job, Prepare, Reply, Run, RunResult } from './protocol.ts'

/** The load generator as the bench sees it: one job at a time. */
export interface LoadGenerator {
  prepare(job: Omit<Prepare, 'type'>): Promise<void>
  run(job: Omit<Run, 'type' | 'keepTexts'> & { readonly keepTexts?: boolean }): Promise<RunResult>
  stop(): void
}

/** Milliseconds for one job; a run that takes longer hangs. */
const LONGEST_JOB = 180_000

export function startLoadGenerator(): LoadGenerator {
  const [command, ...args] = pinned(LOAD_CORE, [
    process.execPath,
    fileURLToPath(new URL('main.ts', import.meta.url)),
  ])
  const child = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  process.once('exit', () => child.kill('SIGKILL'))

  function ask(job: Job): Promise<RunResult | null> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) =>
        settle({ ok: false, error: `the load generator ended with ${code}` })
      const timer = setTimeout(() => settle({ ok: false, error: 'the load generator hangs' }), LONGEST_JOB)
      function settle(reply: Reply): void {
        clearTimeout(timer)
        child.off('message', settle)
        child.off('exit', ended)
        if (reply.ok) resolve(reply.result)
        else reject(new Error(reply.error))
      }
      child.on('message', settle)
      child.on('exit', ended)
      child.send(job)
    })
  }

  return {
    prepare: async (job) => void (await ask({ type: 'prepare', ...job })),
    async run(job) {
      const servers = job.servers.map(({ origin, pid }) => ({ origin, pid }))
      const result = await ask({ type: 'run', keepTexts: false, ...job, servers })
      if (result === null) throw new Error('the load generator measured nothing')
      return result
    },
    stop: () => child.disconnect(),
  }
}
