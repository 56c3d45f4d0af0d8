import type { Sha256 } from '../format/bytes.ts'
import { isStrict1 } from './strict-1.ts'

/**
 * The only two things the verifier needs from its host. `verify` is strict-1 first, then the host's
 * cofactorless Ed25519; it answers false, and never throws, for input of any type and length.
 */
export interface Engine {
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>
}

/** An engine that answers at once, so that `verifySync` exists. */
export interface SyncEngine extends Engine {
  readonly sha256: Sha256
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

type LibraryVerify<Answer> = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Answer

/** Puts strict-1 in front of a library's verify, and turns whatever the library throws into a plain no. */
export function strictly(verify: LibraryVerify<boolean>): LibraryVerify<boolean> {
  return (publicKey, message, signature) => {
    try {
      return isStrict1(publicKey, signature) && message instanceof Uint8Array
        ? verify(publicKey, message, signature)
        : false
    } catch {
      return false
    }
  }
}
