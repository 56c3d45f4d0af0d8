import type { PurchaseRows } from './purchase.ts'
import { insertAll, sellOnPostgres } from './sell-on-postgres.ts'

/** All purchases that arrive while a transaction is under way go into the next one. */
interface Waiting {
  readonly rows: PurchaseRows
  readonly done: () => void
}

let queue: Waiting[] = []
let isUnderWay = false

async function departAll(): Promise<void> {
  while (queue.length > 0) {
    const batch = queue
    queue = []
    await insertAll(batch.map(({ rows }) => rows))
    for (const { done } of batch) done()
  }
  isUnderWay = false
}

await sellOnPostgres((rows, done) => {
  queue.push({ rows, done })
  if (isUnderWay) return
  isUnderWay = true
  setImmediate(departAll)
})
