import type { Answer, Steps } from '../format/steps.ts'
import type { Engine, SyncEngine } from './engine.ts'

export type { Steps } from '../format/steps.ts'

/** Answers a `Question`. */
export type Asking = (
  bytes: Uint8Array,
  message?: Uint8Array,
  signature?: Uint8Array,
) => Answer | Promise<Answer>

/** What an engine answers. */
export const asking =
  (engine: Engine): Asking =>
  (bytes, message, signature) =>
    message ? engine.verify(bytes, message, signature!) : engine.sha256(bytes)

export async function run<T>(steps: Steps<T>, ask: Asking): Promise<T> {
  let step = steps.next()
  while (!step.done) step = steps.next(await ask(...(step.value as Parameters<Asking>)))
  return step.value
}

export function runSync<T>(steps: Steps<T>, engine: SyncEngine): T {
  let step = steps.next()
  while (!step.done) {
    const [bytes, message, signature] = step.value
    step = steps.next(message ? engine.verify(bytes, message, signature) : engine.sha256(bytes))
  }
  return step.value
}
