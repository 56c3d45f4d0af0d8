import type { Grant } from '../domain/grant.ts'
import { termsOf } from '../domain/terms.ts'
import type { Seconds } from '../domain/time.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { issueCode } from './issue.ts'
import type { Channel, Sale } from './marketplace.ts'
import { newLicenseId } from './new-ids.ts'
import { matchedOffer, type Wanted, wantedOf } from './offers.ts'
import type { Worked } from './receive.ts'

/** A test code ends within the hour (contract 3.1). Seconds. */
const TEST_CODE_LIFE: Seconds = 3_000

/**
 * A purchase by interface debugging or a probe: a fresh instance id and a genuine trial code without grace
 * that ends within the hour. Nothing is sold, nothing waits; of the code only its digest is kept.
 */
export async function sellForTest(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  sale: Sale,
): Promise<Worked> {
  const unavailable: Worked = { reply: { type: 'unavailable' }, batch: {} }
  const now = authority.ambient.now()
  const sold = whatToTest(snapshot, channel, sale)
  if (sold === null) return unavailable
  const grant = testGrant(authority, sold, now)
  const issued = grant && (await issueCode(authority, snapshot.keyring, grant, now))
  if (issued === null || !issued.ok) return unavailable
  const { code, text } = issued.value
  return { reply: { type: 'sold', instance: code.license, licenseText: text }, batch: { testCode: code } }
}

/** What the matching offer sells, else the first edition of the catalog, so that a probe passes early. */
function whatToTest(snapshot: Snapshot, channel: Channel, sale: Sale): Wanted | null {
  const wanted = wantedOf(snapshot, channel.name, sale)
  if (wanted.ok) return wanted.value
  const matched = matchedOffer(snapshot, channel.name, sale)
  // A product may be there before its first edition is.
  const product = matched?.product ?? snapshot.catalog.products.find(({ editions }) => editions.length > 0)
  const edition = matched?.edition ?? product?.editions[0]
  return product && edition ? { product, edition, seats: 1 } : null
}

function testGrant(authority: Authority, { product, edition, seats }: Wanted, now: Seconds): Grant | null {
  const term = { seats, paidUntil: now + TEST_CODE_LIFE, trial: true, binding: null }
  const terms = termsOf({ ...product, graceDays: 0 }, edition, term)
  return terms.ok ? { license: newLicenseId(authority.ambient), revision: 1, terms: terms.value } : null
}
