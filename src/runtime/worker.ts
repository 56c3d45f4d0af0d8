import { OPERATOR_PATH } from '../authority/remote.ts'
import { problem } from '../http/problem.ts'
import { newRequestId, send } from '../http/reply.ts'
import { workerAmbient } from './worker-host.ts'
import { type Context, contexts, openWorker, type WorkerEnv, type WorkerInstance } from './worker-instance.ts'
import { runRound } from './worker-rounds.ts'

/** The server on Cloudflare Workers: HTTP, and the cron trigger in place of the scheduler. */
export default {
  fetch: (request: Request, env: WorkerEnv, context: Context): Promise<Response> =>
    contexts.run(context, () => answer(request, instanceOf(env))),

  scheduled: (_: unknown, env: WorkerEnv, context: Context): Promise<void> =>
    contexts.run(context, async () => {
      const { serving, log } = instanceOf(env)
      if ('faults' in serving) return log.error('misconfigured', { faults: serving.faults.join(' ') })
      await runRound(serving.authority, env.DB, serving.config.alertUrl)
    }),
}

const instances = new WeakMap<WorkerEnv, WorkerInstance>()

/** One per isolate: the same bindings come with each of its requests. */
function instanceOf(env: WorkerEnv): WorkerInstance {
  const known = instances.get(env)
  if (known !== undefined) return known
  const opened = openWorker(env)
  instances.set(env, opened)
  return opened
}

async function answer(request: Request, { door, serving, log }: WorkerInstance): Promise<Response> {
  if (door !== null && new URL(request.url).pathname === OPERATOR_PATH) return door(request)
  if (!('faults' in serving)) return serving.fetch(request)
  log.error('misconfigured', { faults: serving.faults.join(' ') })
  return send(problem('unavailable'), newRequestId({ ambient: workerAmbient }))
}
