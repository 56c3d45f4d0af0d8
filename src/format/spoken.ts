import { type Compact, type ObjectType, readCompact } from './jws.ts'
import { LISTS, STATEMENTS } from './layout.ts'
import { LIST_CHARACTERS, STATEMENT_CHARACTERS } from './limits.ts'
import { type RevocationList, readRevocations } from './revocations.ts'
import { readStatement, type Statement } from './statement.ts'

/** A kind of JWT that speaks about licenses, with all by which it is read. */
export type Kind<T> = readonly [
  name: 'statement' | 'list',
  typ: ObjectType,
  /** In characters. */
  longest: number,
  /** The claims of a body, or null. */
  read: (body: Uint8Array) => T | null,
  /** What the key that signs it is certified for. */
  usage: number,
]

export const STATEMENT: Kind<Statement> = [
  'statement',
  'license-statement+jwt',
  STATEMENT_CHARACTERS,
  readStatement,
  STATEMENTS,
]

export const LIST: Kind<RevocationList> = [
  'list',
  'license-revocations+jwt',
  LIST_CHARACTERS,
  readRevocations,
  LISTS,
]

/** The claims and the JWS they were read from; null when the text is no JWT of this kind. No signature was verified. */
export function readSpoken<T>(
  [, typ, longest, read]: Kind<T>,
  text: unknown,
): readonly [claims: T, jws: Compact] | null {
  const jws = typeof text === 'string' ? readCompact(text, typ, longest) : null
  const claims = jws && read(jws.body)
  return claims && [claims, jws]
}
