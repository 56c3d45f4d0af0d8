import { createPublicKey, verify as cryptoVerify, hash, type KeyObject } from 'node:crypto'
import { equalBytes } from '../format/bytes.ts'
import { rememberingReader } from '../format/known-endings.ts'
import { remember } from '../format/remember.ts'
import { type SyncEngine, strictly } from './engine.ts'
import { createSyncVerifier } from './index.ts'

export * from './index.ts'

/** Prepared keys kept at hand; making one costs as much as using it. */
const PREPARED_KEYS = 256

/** DER of a SubjectPublicKeyInfo for Ed25519 up to the 32 bytes of the key (RFC 8410 4). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

const prepared = new Map<string, KeyObject>()

interface Prepared {
  readonly bytes: Uint8Array
  readonly key: KeyObject
}

/** The two used last, as a root and a key under it are: comparing bytes costs a tenth of naming a key. */
let last: Prepared | undefined
let lastButOne: Prepared | undefined

function prepare(publicKey: Uint8Array): KeyObject {
  if (last && equalBytes(last.bytes, publicKey)) return last.key
  const found =
    lastButOne && equalBytes(lastButOne.bytes, publicKey)
      ? lastButOne
      : { bytes: Uint8Array.from(publicKey), key: keyNamed(publicKey) }
  lastButOne = last
  last = found
  return found.key
}

function keyNamed(publicKey: Uint8Array): KeyObject {
  const bytes = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.byteLength)
  const name = bytes.toString('latin1')
  const known = prepared.get(name)
  if (known !== undefined) return known
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, bytes]), format: 'der', type: 'spki' })
  return remember(prepared, PREPARED_KEYS, name, key)
}

/** The engine of Node.js: its own cryptography, one hash or signature per call, no thread. */
export const engine: SyncEngine = {
  // As text and back into Buffer's pool: a buffer of its own per digest costs three times the hash.
  sha256: (bytes) => Buffer.from(hash('sha256', bytes, 'binary'), 'latin1'),
  verify: strictly((publicKey, message, signature) =>
    cryptoVerify(null, message, prepare(publicKey), signature),
  ),
}

const verifier = createSyncVerifier(engine, rememberingReader())

export const { verify, verifySync, openTrust, openTrustSync } = verifier
