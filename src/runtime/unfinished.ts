import type { Store } from '../authority/ports.ts'
import { CannotStart } from './cannot-start.ts'

/** Throws `CannotStart` for a database that is not whole: what is missing would be taken for never having been. */
export async function refuseUnfinished(store: Pick<Store, 'unfinished'>): Promise<void> {
  const unfinished = await store.unfinished()
  if (unfinished === null) return
  const { type } = unfinished
  switch (type) {
    case 'import':
      throw new CannotStart(
        `The ${unfinished.isRestore ? 'restore' : 'import'} into this database has not ended: run it again with the same file, or make the database anew and begin again.`,
      )
    case 'restore':
      throw new CannotStart(
        'The restore of this database has not ended: run "licet restore --in-place", which goes on where it stopped.',
      )
    default:
      throw new Error(type satisfies never)
  }
}
