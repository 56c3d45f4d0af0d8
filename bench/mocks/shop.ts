import { createSecretKey } from 'node:crypto'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { sha1Prng } from '../../src/marketplace/huawei/sensitive.ts'
import { keyIdOf } from './key-id.ts'
import type { Shop } from './purchase.ts'
import type { MockSettings } from './settings.ts'

const AES_256_KEY_BYTES = 32

/** What every sale needs, prepared once. */
export function shopOf({ channel, accessKey, masterKey, codes }: MockSettings): Shop {
  const buyersKey = sha1Prng(legacyCrypto, Buffer.from(accessKey), AES_256_KEY_BYTES)
  return {
    channel,
    keyId: keyIdOf(accessKey),
    masterKey: createSecretKey(masterKey, 'base64url'),
    buyersKey: createSecretKey(buyersKey),
    certificate: codes.certificate,
  }
}
