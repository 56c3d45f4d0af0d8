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
  try {
    return mark
      ? isCanonical(key, mark) &&
          (await subtle.verify(
            'Ed25519',
            await subtle.importKey('raw', key, 'Ed25519', false, ['verify']),
            mark,
            text!,
          ))
      : new Uint8Array(await subtle.digest('SHA-256', key))
  } catch (fault) {
    // A host that has Ed25519 can make a key; it may refuse one that is no point of the curve.
    try {
      await subtle.generateKey('Ed25519', false, ['sign'])
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
