import { expect } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { idOf, markOf, next, renewal, sale } from '../store/contract/samples.ts'

/** Calls that each store works on at once. */
const AT_ONCE = 8

/**
 * Renews `licenses` licenses `count` times through stores that know nothing of each other, each renewal under an order of
 * its own; then looks whether every order is there once, with one event and one mark, and nothing else.
 */
export async function contend(stores: readonly Store[], count: number, licenses: number): Promise<void> {
  for (let n = 0; n < licenses; n++) await stores[0]!.commit({ change: sale(n) })
  let begun = 0
  const caller = async (store: Store): Promise<void> => {
    for (let n = begun++; n < count; n = begun++) await renew(store, n, idOf(n % licenses))
  }
  await Promise.all(stores.flatMap((store) => Array.from({ length: AT_ONCE }, () => caller(store))))
  for (let n = 0; n < licenses; n++) {
    const orders = Array.from({ length: count }, (_, order) => order).filter(
      (order) => order % licenses === n,
    )
    await expectAll(stores[0]!, n, orders)
  }
}

/** As a callback does: load, decide, commit, and from the start again when another was first. */
async function renew(store: Store, n: number, id: string): Promise<void> {
  for (;;) {
    const before = (await store.byId(id))!
    const change = next(before, renewal(`R${n}`, 60 + n))
    if ((await store.commit({ change, mark: markOf(n) })) === 'committed') return
  }
}

async function expectAll(store: Store, n: number, renewals: readonly number[]): Promise<void> {
  const license = (await store.byId(idOf(n)))!
  const orders = renewals.map((order) => `R${order}`)
  expect([...license.orders].sort()).toEqual([...orders, `CS${n}`].sort())
  expect(license.revision).toBe(orders.length + 1)
  const history = await store.history(idOf(n))
  expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index + 1))
  expect(history).toHaveLength(orders.length + 1)
  for (const order of renewals)
    expect(await store.mark('feedc0de', `signature-${order}`, null)).not.toBeNull()
}
