import { createCipheriv, createDecipheriv, type ScryptOptions, scrypt } from 'node:crypto'
import type { PassphraseSealing } from '../authority/host.ts'
import { concat, utf8 } from '../format/bytes.ts'
import { isAffordable, type ScryptCost, type SealedSecret } from '../format/sealed-key.ts'

/** 2^17 blocks of 1 KiB: 128 MiB and a third of a second on one core, for the owner and for each guess of a thief. */
export const SCRYPT_COST: ScryptCost = { logN: 17, r: 8, p: 1 }

const SALT_BYTES = 16
const IV_BYTES = 12
const KEY_BYTES = 32
const TAG_BYTES = 16

/**
 * Sealing under a passphrase: scrypt (RFC 7914) to a key that is used once, then AES-256-GCM. Salt and
 * initialisation vector come from `random` and are new for each seal. A passphrase is taken in Unicode normal
 * form C, so that keyboards which compose letters differently give the same key.
 */
export function createPassphraseSealing(
  random: (length: number) => Uint8Array,
  cost: ScryptCost = SCRYPT_COST,
): PassphraseSealing {
  return {
    async seal(passphrase, secret, about) {
      if (passphrase === '') throw new RangeError('A passphrase must not be empty.')
      const salt = random(SALT_BYTES)
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt, cost), iv)
      cipher.setAAD(about)
      const text = concat(cipher.update(secret), cipher.final(), cipher.getAuthTag())
      return { cost, salt, iv, text }
    },
    open: async (passphrase, sealed, about) =>
      isAffordable(sealed.cost) && sealed.text.length >= TAG_BYTES
        ? opened(await keyOf(passphrase, sealed.salt, sealed.cost), sealed, about)
        : null,
  }
}

function opened(key: Uint8Array, { iv, text }: SealedSecret, about: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(about)
  decipher.setAuthTag(text.subarray(-TAG_BYTES))
  try {
    return concat(decipher.update(text.subarray(0, -TAG_BYTES)), decipher.final())
  } catch {
    return null
  }
}

/** Off the main thread. */
function keyOf(passphrase: string, salt: Uint8Array, { logN, r, p }: ScryptCost): Promise<Uint8Array> {
  // Room for the blocks themselves and for what OpenSSL adds to them.
  const maxmem = 128 * r * (2 ** logN + p + 2) + 2 ** 20
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem }
  return new Promise((resolve, reject) => {
    scrypt(utf8(passphrase.normalize('NFC')), salt, KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
