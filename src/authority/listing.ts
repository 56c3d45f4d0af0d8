import type { Product } from '../domain/catalog.ts'
import { chooseKey, type NoKey } from '../domain/keyring.ts'
import { nextUpdate, type Publication } from '../domain/publication.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { PaidUntil, Seconds } from '../domain/time.ts'
import { toHex, utf8 } from '../format/bytes.ts'
import { signingInput, writeCompact } from '../format/jws.ts'
import { LIST_CHARACTERS } from '../format/limits.ts'
import { type RevocationEntry, type RevocationList, writeRevocations } from '../format/revocations.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import type { OpenedKey } from './keyring.ts'
import type { ListedLicense } from './list-store.ts'

/** What a list of a product has to say now, before it has a number and a time. */
export interface ListDraft {
  readonly says: Omit<RevocationList, 'number' | 'iat' | 'next_update'>
  readonly key: OpenedKey
  /** The same for the same content under the same key. */
  readonly digest: string
  /** The first second in which an entry has run out; null when none does. */
  readonly until: PaidUntil
}

/** More entries than a list may have characters for (contract 1, "Sizes"): 4 MiB. */
export interface ListTooLong {
  readonly reason: 'list_too_long'
  readonly product: string
}

/** The shortest an entry can be, with its comma; in a JWT three bytes take four characters. */
const SHORTEST_ENTRY = '["0011223344556677",1,"frozen"],'.length
const MOST_ENTRIES = Math.floor((LIST_CHARACTERS * 3) / 4 / SHORTEST_ENTRY)

/** The entries are in the order of license ids, so that the same ones are the same list. */
export async function draftList(
  { store, crypto, issuer }: Authority,
  { keyring }: Snapshot,
  { id, code }: Product,
  now: Seconds,
): Promise<Result<ListDraft, NoKey | ListTooLong>> {
  const chosen = chooseKey(keyring.known, 'lists', { now, product: id, paidUntil: null })
  if (!chosen.ok) return chosen
  const listed = await store.listed(id, now, MOST_ENTRIES + 1)
  if (listed.length > MOST_ENTRIES) return no({ reason: 'list_too_long', product: code })
  const says = { iss: issuer, aud: code, root: keyring.rootVersion, entries: entriesOf(listed) }
  const key = keyring.open(chosen.value.kid)
  const digest = toHex(crypto.sha256(utf8(JSON.stringify([key.kid, says]))))
  return yes({ says, key, digest, until: firstEnd(listed) })
}

/** The compact JWT; the same arguments give the same bytes. */
export async function signList(
  { says, key }: ListDraft,
  publication: Publication,
): Promise<Result<string, ListTooLong>> {
  const { number, issuedAt } = publication
  const body = writeRevocations({ ...says, number, iat: issuedAt, next_update: nextUpdate(publication) })
  const typ = 'license-revocations+jwt'
  const signature = await key.signer.sign(signingInput(key.kid, typ, body))
  const text = writeCompact(key.kid, typ, body, signature)
  return text.length > LIST_CHARACTERS ? no({ reason: 'list_too_long', product: says.aud }) : yes(text)
}

function entriesOf(listed: readonly ListedLicense[]): readonly RevocationEntry[] {
  return listed
    .map(({ id, minRevision, why }): RevocationEntry => [id, minRevision, why])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function firstEnd(listed: readonly ListedLicense[]): PaidUntil {
  const first = listed.reduce((least, { until }) => Math.min(least, until ?? least), Number.POSITIVE_INFINITY)
  return first === Number.POSITIVE_INFINITY ? null : first
}
