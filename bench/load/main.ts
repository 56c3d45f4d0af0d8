import { median, quantile } from '../report/statistics.ts'
import { closedLoop } from './closed-loop.ts'
import { processorMicros } from './processor-time.ts'
import type { Job, Reply, Run, RunResult } from './protocol.ts'
import { type Prepared, prepare } from './requests.ts'

/** The load generator: a process of its own, so that building and checking requests costs the server nothing. */
const sets = new Map<string, readonly Prepared[]>()

process.on('message', (job: Job) => {
  perform(job).then(
    (result) => reply({ ok: true, result }),
    (thrown: unknown) =>
      reply({ ok: false, error: thrown instanceof Error ? thrown.message : String(thrown) }),
  )
})
process.on('disconnect', () => process.exit())

const reply = (message: Reply) => process.send?.(message)

async function perform(job: Job): Promise<RunResult | null> {
  if (job.type === 'run') return run(job)
  sets.set(job.set, prepare(job))
  return null
}

async function run({ set, from, to, inFlight, servers, keepTexts }: Run): Promise<RunResult> {
  const requests = (sets.get(set) ?? missing(set)).slice(from, to)
  const pids = servers.map(({ pid }) => pid)
  const origins = servers.map(({ origin }) => origin)
  const cpuBefore = processorMicros(pids)
  const { seconds, micros, texts } = await closedLoop(origins, requests, inFlight, keepTexts)
  const cpuAfter = processorMicros(pids)
  const cpuMicros = cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / micros.length
  return {
    requests: micros.length,
    seconds,
    cpuMicros,
    p50Micros: median(micros),
    p99Micros: quantile(micros, 0.99),
    texts,
  }
}

function missing(set: string): never {
  throw new Error(`no set ${set} was prepared`)
}
