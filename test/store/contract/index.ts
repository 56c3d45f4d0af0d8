import { alerts } from './alerts.ts'
import { applicationsContract } from './applications.ts'
import { batches } from './batches.ts'
import { calls } from './calls.ts'
import type { Fresh } from './harness.ts'
import { histories } from './history.ts'
import { keptAnswers } from './kept-answers.ts'
import { keyLicensesContract } from './key-licenses.ts'
import { keyLife } from './key-life.ts'
import { keys } from './keys.ts'
import { kitContract } from './kit.ts'
import { leasesContract } from './leases.ts'
import { licenses } from './licenses.ts'
import { listings } from './listings.ts'
import { lists } from './lists.ts'
import { marketplaceCodesContract } from './marketplace-codes.ts'
import { moving } from './moving.ts'
import { ordersContract } from './orders.ts'
import { outgoing } from './outgoing.ts'
import { outgoingAgain } from './outgoing-again.ts'
import { recalled } from './recalled.ts'
import { sealedTextsContract } from './sealed-texts.ts'
import { settings } from './settings.ts'
import { values } from './values.ts'

/** What every engine owes: the same suite runs against each of them. */
export function storeContract(fresh: Fresh): void {
  batches(fresh)
  licenses(fresh)
  histories(fresh)
  lists(fresh)
  listings(fresh)
  calls(fresh)
  recalled(fresh)
  keptAnswers(fresh)
  settings(fresh)
  keys(fresh)
  keyLicensesContract(fresh)
  sealedTextsContract(fresh)
  keyLife(fresh)
  alerts(fresh)
  outgoing(fresh)
  outgoingAgain(fresh)
  ordersContract(fresh)
  applicationsContract(fresh)
  kitContract(fresh)
  leasesContract(fresh)
  marketplaceCodesContract(fresh)
  moving(fresh)
  values(fresh)
}
