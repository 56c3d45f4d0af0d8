import nacl from 'tweetnacl/nacl.js'
import { type SyncEngine, strictly } from './engine.ts'
import { createSyncVerifier } from './index.ts'
import { sha256 } from './sha256.ts'

export type * from './index.ts'

/**
 * The engine for hosts without Ed25519 of their own: plain JavaScript, some ten milliseconds per signature. Of the two
 * forms of tweetnacl this is the one of half the size; the other takes a third of the time.
 */
export const engine: SyncEngine = {
  sha256,
  verify: strictly((publicKey, message, signature) =>
    nacl.sign.detached.verify(message, signature, publicKey),
  ),
}

const verifier = createSyncVerifier(engine)

export const { verify, verifySync, openTrust, openTrustSync } = verifier
