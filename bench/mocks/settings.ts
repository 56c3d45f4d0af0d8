import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** What the bench tells a mock, as a JSON file named by the one argument. */
export interface MockSettings {
  readonly port: number
  /** A path, or a URL. */
  readonly database: string
  /** The DDL of the product: the same tables with the same indexes. */
  readonly schema: string
  readonly channel: string
  readonly accessKey: string
  readonly codes: MockKey
  readonly statements: MockKey
  /** base64url of 32 bytes: seals the customer's data. */
  readonly masterKey: string
}

export interface MockKey {
  readonly kid: string
  readonly jwk: JsonWebKey
  /** The LK1 that travels behind every code, or is listed with every statement. */
  readonly certificate: string
}

export const mockSettings = (): MockSettings => JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))

export interface PreparedKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly certificate: string
}

export function preparedKey({ kid, jwk, certificate }: MockKey): PreparedKey {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  return { kid, privateKey, publicKey: createPublicKey(privateKey), certificate }
}
