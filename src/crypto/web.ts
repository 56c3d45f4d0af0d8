import type { Crypto, Signer } from '../authority/host.ts'
import { concat } from '../format/bytes.ts'
import { nodeCrypto, PRIVATE_KEY_PREFIX } from './node.ts'

/**
 * The authority's cryptography on Workers: hashing, HMAC and verifying are those of Node.js, which workerd has too. A key that
 * is kept is imported into WebCrypto as one that cannot be exported, and the bytes it was made from are overwritten.
 */
export const webCrypto: Crypto = { ...nodeCrypto, keptSigner }

/**
 * Imported with the first signature, and again by another that waits for none: nothing that is pending is shared,
 * since on Workers the requests that would share it may not wait for each other.
 */
function keptSigner(privateKey: Uint8Array, publicKey: Uint8Array): Signer {
  // Refuses, at once, a private key of another public one.
  nodeCrypto.signer(privateKey, publicKey)
  const der = concat(PRIVATE_KEY_PREFIX, privateKey)
  privateKey.fill(0)
  let kept: CryptoKey | null = null
  return {
    async sign(message) {
      const key = kept ?? (await imported(der.slice()))
      if (kept === null) {
        kept = key
        der.fill(0)
      }
      return new Uint8Array(await crypto.subtle.sign('Ed25519', key, message.slice()))
    },
  }
}

async function imported(der: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('pkcs8', der, 'Ed25519', false, ['sign'])
  } finally {
    der.fill(0)
  }
}
