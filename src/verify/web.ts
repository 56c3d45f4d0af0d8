import type { Engine } from './engine.ts'
import { judge } from './judging.ts'
import { type Asking, run } from './steps.ts'
import { isCanonical, isStrict1 } from './strict-1.ts'
import { openTrust as opening, type TrustMemory } from './trust.ts'
import type { Verifier } from './verifier.ts'

export type * from './index.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What the host answers; of bytes that the verifier made itself, so that their types and lengths are known. */
const ask = (async (key: Bytes, text?: Bytes, mark?: Bytes) => {
  const subtle = globalThis.crypto?.subtle
  const imported = (publicKey: Bytes) => subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
  try {
    return mark
      ? isCanonical(key, mark) && (await subtle.verify('Ed25519', await imported(key), mark, text!))
      : new Uint8Array(await subtle.digest('SHA-256', key))
  } catch (fault) {
    // Of order L (RFC 8032 5.1): a host that cannot import this point as a key has no Ed25519.
    try {
      await imported(new Uint8Array(32).fill(6))
    } catch (cause) {
      throw Error('no Ed25519 here: import licet/verify/fallback', { cause })
    }
    if (mark) return false
    throw fault
  }
}) as Asking

/**
 * The engine of browsers, workers and every other host with Ed25519 in WebCrypto. On a host that has none both reject
 * and say so: to answer `bad_signature` there would blame the license.
 */
export const engine: Engine = {
  sha256: async (bytes) => (await ask(new Uint8Array(bytes))) as Uint8Array,
  async verify(publicKey, message, signature) {
    const given = copies(publicKey, message, signature)
    return given !== null && ((await ask(...given)) as boolean)
  },
}

/** WebCrypto reads its input later: a copy cannot change until then. null for what no signature fits. */
function copies(
  publicKey: unknown,
  message: unknown,
  signature: unknown,
): readonly [Bytes, Bytes, Bytes] | null {
  try {
    if (!isStrict1(publicKey, signature) || !(message instanceof Uint8Array)) return null
    const copy = (bytes: unknown) => new Uint8Array(bytes as Bytes)
    return [copy(publicKey), copy(message), copy(signature)]
  } catch {
    return null
  }
}

const opened: TrustMemory = new Map()

export const verify: Verifier['verify'] = (text, trust, options) =>
  run(judge(text, trust, options, opened), ask)

export const openTrust: Verifier['openTrust'] = (input) => run(opening(input, opened), ask)
