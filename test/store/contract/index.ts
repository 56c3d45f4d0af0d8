import { alerts } from './alerts.ts'
import { batches } from './batches.ts'
import { calls } from './calls.ts'
import type { Fresh } from './harness.ts'
import { histories } from './history.ts'
import { keys } from './keys.ts'
import { licenses } from './licenses.ts'
import { lists } from './lists.ts'
import { settings } from './settings.ts'

/** What every engine owes: the same suite runs against each of them. */
export function storeContract(fresh: Fresh): void {
  batches(fresh)
  licenses(fresh)
  histories(fresh)
  lists(fresh)
  calls(fresh)
  settings(fresh)
  keys(fresh)
  alerts(fresh)
}
