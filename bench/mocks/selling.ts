import { sign, verify } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { answerHeaders, type Call } from './call.ts'
import { codeHeader, signingInput } from './license-code.ts'
import { complete, draft, type MadePurchase } from './purchase.ts'
import { mockSettings, preparedKey } from './settings.ts'
import { shopOf } from './shop.ts'

/**
 * What the hand-written rivals for a purchase share: the product's cryptography, the product's rows, and nothing else. No
 * catalog, no clock window, no check of fields, no domain, no log; one bad purchase fails all that share its transaction.
 */
export const settings = mockSettings()
const key = preparedKey(settings.codes)
export const shop = shopOf(settings)

export function buy(call: Call): MadePurchase {
  const drafted = draft(call, key.kid)
  const message = signingInput(codeHeader(key.kid), drafted.body)
  const signature = sign(null, message, key.privateKey)
  if (!verify(null, message, key.publicKey, signature)) throw new Error('the key signs wrongly')
  return complete(drafted, signature, shop)
}

export function answer(response: ServerResponse, body: string): void {
  response.writeHead(200, answerHeaders(body, settings.accessKey)).end(body)
}
