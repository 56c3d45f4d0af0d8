import { rfc3339 } from '../authority/view.ts'
import { encodeBase64url } from '../format/base64url.ts'
import type { RootManifest } from '../format/root-manifest.ts'
import { NOTHING, sheet, table } from './table.ts'

/** A root manifest for people. */
export function manifestSheet({ version, threshold, keys, revoked, issuedAt }: RootManifest): string {
  const head = sheet([
    ['root manifest', `version ${version}`],
    ['made at', rfc3339(issuedAt)],
    ['threshold', `${threshold} of ${keys.length} keys must sign`],
  ])
  const rows = keys.map(({ kid, publicKey }) => [kid, encodeBase64url(publicKey)])
  const gone = revoked.map(({ kid, at, reason }) => [kid, rfc3339(at), reason || NOTHING])
  return [
    head,
    table(['ROOT KEY', 'PUBLIC KEY'], rows),
    ...(gone.length === 0 ? [] : [table(['REVOKED', 'SINCE', 'REASON'], gone)]),
  ].join('\n\n')
}

/** The same for programs. */
export const manifestDocument = ({ version, threshold, keys, revoked, issuedAt }: RootManifest) => ({
  version,
  threshold,
  keys: keys.map(({ kid, publicKey }) => ({ kid, x: encodeBase64url(publicKey) })),
  revoked: revoked.map(({ kid, publicKey, at, reason }) => ({
    kid,
    x: encodeBase64url(publicKey),
    at: rfc3339(at),
    reason,
  })),
  issuedAt: rfc3339(issuedAt),
})

/** What experience advises and nobody is held to. */
export function advice(threshold: number, count: number): readonly string[] {
  return [
    ...(count < 3 ? ['fewer than three keys: advice is three or more, in three hands'] : []),
    ...(threshold < 2 ? ['one key alone can sign: advice is a threshold of two or more'] : []),
    ...(count === threshold ? ['every key is needed: when one is lost, the root can never sign again'] : []),
  ]
}

export const noteLine = (note: string): string => `Note: ${note}.`

/** The help of an option that several commands have. */
export const PASSPHRASE_FILE =
  'its first line is the passphrase; one for each key, in the same order; without it you are asked'
