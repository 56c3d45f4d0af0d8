import type { Engine, SyncEngine } from './engine.ts'

/** One signature to be checked. */
export type SignatureCheck = readonly [publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array]

/**
 * A computation that asks for signature checks and is told their outcome. The sequence of checks is written
 * once in this form and driven with or without promises.
 */
export type Steps<T> = Generator<SignatureCheck, T, boolean>

export function runSync<T>(steps: Steps<T>, engine: SyncEngine): T {
  let step = steps.next()
  while (!step.done) step = steps.next(engine.verify(step.value[0], step.value[1], step.value[2]))
  return step.value
}

export async function run<T>(steps: Steps<T>, engine: Engine): Promise<T> {
  let step = steps.next()
  while (!step.done) step = steps.next(await engine.verify(...step.value))
  return step.value
}
