import { decryptSensitive, type LegacyCrypto } from './sensitive.ts'
import type { FieldReader } from './wire.ts'

/** Of fields whose table is not available: longer than anything an order can hold. */
export const UNDOCUMENTED = 1024
const ACCOUNT_ID = 100

/** Opens a field that was encrypted for this server; what does not open is given back as it was sent. */
export type Reveal = (text: string) => string

/**
 * Phone and e-mail are encrypted by the access key (reference 3.7) and no page says with which length of it: the
 * sample's 256 bits first. What is no text then was encrypted otherwise, or not at all, and is kept as it is: a buyer
 * who cannot be called is no reason to turn a purchase away [assumed].
 */
export function revealBy(crypto: LegacyCrypto, accessKey: Uint8Array): Reveal {
  return (text) => {
    for (const type of ['1', '2'] as const) {
      const plain = decryptSensitive(crypto, type, accessKey, text)
      if (plain !== null && READABLE.test(plain)) return plain
    }
    return text
  }
}

const READABLE = /^[^\p{Cc}]+$/u

/** Personal data as JSON of what there was, to be sealed. */
export function buyerOf(fields: FieldReader, reveal: Reveal): string {
  const sealed = (name: string) => {
    const sent = fields.display(name, UNDOCUMENTED)
    return sent === null ? undefined : reveal(sent)
  }
  return JSON.stringify({
    customerId: fields.text('customerId', ACCOUNT_ID),
    customerName: fields.display('customerName', 64) ?? undefined,
    userId: fields.display('userId', UNDOCUMENTED) ?? undefined,
    userName: fields.display('userName', UNDOCUMENTED) ?? undefined,
    mobilePhone: sealed('mobilePhone'),
    email: sealed('email'),
  })
}
