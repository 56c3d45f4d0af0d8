import { findProduct } from '../domain/catalog.ts'
import type { License } from '../domain/license.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { Seconds } from '../domain/time.ts'
import { writeLicenseFile } from '../format/license-file.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { newestText } from './operate.ts'
import { createRevocationLists, type NoList, type SignedList } from './revocations.ts'
import { type NoStatement, type SignedStatement, type StatementWish, stateLicense } from './statement.ts'

/** What a license file is to hold beside the license text and the chain of root manifests. */
export interface LicenseFileWish {
  readonly statement: StatementWish | null
  readonly list: boolean
}

export interface MadeLicenseFile {
  /** One object per line. */
  readonly text: string
  readonly statement: SignedStatement | null
  readonly list: SignedList | null
}

export type NoLicenseFile = NoStatement | NoList | { readonly reason: 'no_code' }

/**
 * Everything that software without a network needs to judge a license, as one text (docs/license-code.md 13). Of the
 * certificates it has those of the keys that signed what is in it.
 */
export async function makeLicenseFile(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  wish: LicenseFileWish,
  now: Seconds,
): Promise<Result<MadeLicenseFile, NoLicenseFile>> {
  const text = await newestText(authority, license)
  if (text === null) return no({ reason: 'no_code' })
  const stated = wish.statement && (await stateLicense(authority, snapshot, license, wish.statement, now))
  if (stated !== null && !stated.ok) return stated
  const listed = wish.list ? await listFor(authority, snapshot, license) : null
  if (listed !== null && !listed.ok) return listed
  const statement = stated?.value ?? null
  const list = listed?.value ?? null
  const { keyring } = snapshot
  const kids = [statement, list].flatMap((signed) => (signed === null ? [] : [signed.kid]))
  const file = writeLicenseFile({
    license: text,
    certificates: kids.flatMap((kid) => keyring.certificatesOf(kid)),
    manifests: keyring.manifests.map(onOneLine),
    statement: statement?.text ?? null,
    list: list?.text ?? null,
  })
  return yes({ text: file, statement, list })
}

async function listFor(
  authority: Authority,
  { catalog }: Snapshot,
  license: License,
): Promise<Result<SignedList, NoLicenseFile>> {
  const id = license.status === 'pending' ? undefined : license.terms?.product
  const product = id === undefined ? null : findProduct(catalog, id)
  return product === null
    ? no({ reason: 'nothing_to_state' })
    : createRevocationLists(authority).current(product)
}

/** Outside of its payload and its signatures a manifest may be spelled in any way. */
const onOneLine = (manifest: string): string => JSON.stringify(JSON.parse(manifest))
