import { FINGERPRINT, lc1, lk1, NOW, PAID_UNTIL, QUORUM, ROOT, SIGNER } from './base.ts'
import { keyOf, sha256, type VectorKey } from './keys.ts'
import { compact, manifest } from './objects.ts'
import { LISTER, listClaims } from './revocations.ts'
import { entry, payload, revocation } from './root-manifest.ts'
import { SPEAKER, statementClaims } from './statement.ts'

/** Objects that a program meets after it was shipped, around the license of `base.ts`. */

export const ID = '5f2c9d0b7a11e384'
export const HOUR = 3600
export const DAY = 24 * HOUR
export const speakerKey = (over: object = {}) => lk1({ serial: 2, usages: 2, x: SPEAKER.x, ...over })
export const listerKey = (over: object = {}) => lk1({ serial: 3, usages: 4, x: LISTER.x, ...over })
export const certificates = [speakerKey(), listerKey()]

export const statement = (over: object = {}, key: VectorKey = SPEAKER): string =>
  compact(key, 'license-statement+jwt', JSON.stringify(statementClaims({ rev: 8, ...over })))

export const list = (over: object = {}, key: VectorKey = LISTER): string =>
  compact(key, 'license-revocations+jwt', JSON.stringify(listClaims(over)))

export const entries = (...items: readonly (readonly [number, string])[]) => ({
  entries: items.map(([revision, why]) => [ID, revision, why]),
})

export const license = `${lc1()} ${lk1()}`
export const device = (fingerprint = FINGERPRINT): string =>
  sha256('LC1 bind\0', fingerprint).toString('base64url')

export const root1 = manifest(payload(), [ROOT])
/** Two of three take over from the one root key. */
export const root2 = manifest(payload({ version: 2, threshold: 2, keys: QUORUM.map(entry) }), [
  ROOT,
  ...QUORUM,
])
export const root2Revoking = (key: VectorKey) =>
  manifest(payload({ version: 2, revoked: [revocation(key)] }), [ROOT])
export const THIEF = keyOf('thief')
export const root2Forged = manifest(payload({ version: 2, keys: [entry(THIEF)] }), [THIEF])
/** A license under two of the three root keys of version 2. */
export const license2of3 = [lc1(), ...QUORUM.slice(0, 2).map((root) => lk1({}, root))].join(' ')

export interface SinceCase {
  readonly name: string
  /** A license text or a license file. */
  readonly text: string
  readonly now: number
  readonly product?: number
  readonly product_code?: string
  readonly fingerprint?: string
  readonly build_time?: number
  readonly certificates?: readonly string[]
  readonly manifests?: readonly object[]
  readonly statement?: string
  readonly list?: string
  readonly nonce?: string
  readonly expect: {
    readonly valid: boolean
    readonly standing: string | null
    readonly reason: string | null
    readonly decided_by: string | null
    readonly warnings: readonly string[]
    readonly line?: number
  }
}

type Decider = 'code' | 'statement' | 'list' | null
type Over = Partial<Omit<SinceCase, 'expect' | 'name'>> & {
  readonly warnings?: readonly string[]
  readonly line?: number
}

const STANDINGS = ['expired', 'frozen', 'released', 'not_yet_valid']

export function yes(standing: 'active' | 'grace', by: Decider, name: string, over: Over = {}): SinceCase {
  return written(name, over, { valid: true, standing, reason: null, decided_by: by })
}

export function no(reason: string, by: Decider, name: string, over: Over = {}): SinceCase {
  const standing = STANDINGS.includes(reason) ? reason : null
  return written(name, over, { valid: false, standing, reason, decided_by: by })
}

function written(name: string, { warnings = [], line, ...over }: Over, expect: object): SinceCase {
  const found = { ...expect, warnings, ...(line === undefined ? {} : { line }) } as SinceCase['expect']
  return { name, text: license, now: NOW, certificates, ...over, expect: found }
}

export { LISTER, NOW, PAID_UNTIL, SIGNER, SPEAKER }
