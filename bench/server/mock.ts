import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { foundOn, newDevelopmentRoot } from '../../src/authority/found.ts'
import type { Sealing } from '../../src/authority/host.ts'
import type { KeyUsage, StoredKey } from '../../src/authority/key-store.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { decodeBase64url, encodeBase64url } from '../../src/format/base64url.ts'
import type { MockKey, MockSettings } from '../mocks/settings.ts'
import { freePort, type ServerProcess, startServer } from './process.ts'
import { CHANNEL } from './product.ts'

/** Keys for the mocks, certified by a root of their own: their codes verify offline like the product's. */
export interface MockInstance {
  readonly accessKey: string
  readonly codes: MockKey
  readonly statements: MockKey
  readonly masterKey: string
  readonly manifests: readonly string[]
}

export const SCHEMA = readFileSync(new URL('../../schema.sql', import.meta.url), 'utf8')

export function foundMocks(accessKey: string): MockInstance {
  const now = Math.floor(Date.now() / 1000)
  const openly: Sealing = {
    seal: (_purpose, secret) => encodeBase64url(secret),
    open: (_purpose, sealed) => decodeBase64url(sealed)!,
  }
  const tools = { crypto: nodeCrypto, sealing: openly, issuer: 'https://licenses.example.com' }
  const { keys, manifests } = foundOn(newDevelopmentRoot(nodeCrypto, now), tools, now)
  const masterKey = randomBytes(32).toString('base64url')
  return {
    accessKey,
    codes: keyFor(keys, 'codes'),
    statements: keyFor(keys, 'statements'),
    masterKey,
    manifests,
  }
}

function keyFor(keys: readonly StoredKey[], usage: KeyUsage): MockKey {
  const key = keys.find((one) => one.usage === usage)!
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.publicKey, d: key.sealed! }
  return { kid: key.kid, jwk, certificate: key.certificates[0]! }
}

export type MockName =
  | 'callback-group'
  | 'as-documented'
  | 'postgres-shared'
  | 'postgres-own-flight'
  | 'postgres-as-documented'
  | 'validation'
  | 'validation-postgres'
  | 'validation-by-digest'
  | 'validation-by-digest-postgres'
  | 'hello'

export interface MockPlace {
  /** Left out: the one that lies in the directory. */
  readonly database?: string
  /** Left out: the core of servers. */
  readonly cores?: string
}

/** Starts a mock in a directory, on a database that is empty or the product's. */
export async function startMock(
  name: MockName,
  directory: string,
  mocks: MockInstance,
  { database = join(directory, 'mock.db'), ...place }: MockPlace = {},
): Promise<ServerProcess> {
  const port = await freePort()
  const settings: MockSettings = {
    ...mocks,
    port,
    database,
    schema: SCHEMA,
    channel: CHANNEL,
  }
  const settingsFile = join(directory, `${name}-${port}.json`)
  writeFileSync(settingsFile, JSON.stringify(settings))
  const program = fileURLToPath(new URL(`../mocks/${name}.ts`, import.meta.url))
  return startServer({
    ...place,
    args: [program, settingsFile],
    port,
    environment: {},
    logFile: join(directory, `${name}-${port}.log`),
  })
}
