import { askFor } from './ask-for-order.ts'
import type { Authority } from './authority.ts'
import type { Channel, Notice } from './marketplace.ts'
import type { Worked } from './receive.ts'

/** Some order was paid: it is noted and the marketplace is asked what it is. One that is noted already is left alone. */
export async function notice(
  authority: Authority,
  { name: channel }: Channel,
  { test, order }: Notice,
): Promise<Worked> {
  const done: Worked = { reply: { type: 'done' }, batch: {} }
  if (test || (await authority.store.order(channel, order)) !== null) return done
  const sold = await authority.store.byOrder(channel, order)
  return { ...done, batch: askFor(authority, { channel, order, cause: 'notice', license: sold?.id ?? null }) }
}
