import type { Sha256 } from './bytes.ts'

/** What a computation asks its host: the SHA-256 of some bytes, or whether a key signed a message. */
export type Question =
  | readonly [bytes: Uint8Array, message?: undefined, signature?: undefined]
  | readonly [publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array]

/** 32 bytes, or yes or no. */
export type Answer = Uint8Array | boolean

/**
 * A computation that asks for hashes and signature checks and is told what they gave. It is written once in this form
 * and driven with or without promises: some hosts hash and verify at once, others only later.
 */
export type Steps<T> = Generator<Question, T, Answer>

/** The result of a computation that asks for hashes alone. */
export function hashed<T>(steps: Steps<T>, sha256: Sha256): T {
  let step = steps.next()
  while (!step.done) step = steps.next(sha256(step.value[0]))
  return step.value
}
