import { type Authority, MOST_TRIES } from './authority.ts'
import type { Recalled } from './call-memory.ts'
import type { Snapshot } from './configuration.ts'
import { demand } from './demand.ts'
import type { AccessKey, Channel, Intent, Marketplace, Opened, RawCall, Reply } from './marketplace.ts'
import type { Batch } from './ports.ts'
import { saleIdentity, sell } from './sell.ts'
import { instanceSubject, orderSubject } from './turns.ts'

/** What a door sends back: always HTTP 200 for a known channel (contract 3.1). */
export interface Answer {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** A use case's decision, not yet committed. */
export interface Worked {
  readonly reply: Reply
  readonly batch: Batch
  /** An answer given before, to be given again byte for byte; it wins over `reply`. */
  readonly remembered?: string
  /** Under which key this answer is to be remembered for ever, with a digest of the fields that matter. */
  readonly remember?: { readonly key: string; readonly fields: string }
}

type Authentic = Opened & { type: 'authentic' }

/**
 * One callback, from raw bytes to a signed answer. Never throws: an outage is logged and answered so that the
 * marketplace tries again. `expired` settles when the deadline has passed; work under way may still commit after
 * it, and the re-send then finds its answer, but work that waits for its turn is not begun any more.
 */
export async function receive(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  call: RawCall,
  expired: Promise<unknown>,
  requestId: string,
): Promise<Answer> {
  const marketplace = marketplaceOf(authority, channel)
  const opened = marketplace.open(call, channel, authority.ambient.nowMs())
  if (opened.type === 'rejected') return reject(authority, marketplace, channel, opened, requestId)
  const unavailable = () => marketplace.answer(opened.intent, { type: 'unavailable' })
  const late = expired.then(() => {
    answered = true
    authority.log.error('callback_deadline', { requestId, channel: channel.name, activity: opened.activity })
    return unavailable()
  })
  let answered = false
  const work = async () =>
    answered ? unavailable() : settle(authority, snapshot, channel, marketplace, opened, requestId)
  const subject = subjectOf(channel, opened.intent)
  const done = (subject === null ? work() : authority.turns.take(subject, work)).catch((thrown: unknown) => {
    authority.log.error('callback_failed', { requestId, channel: channel.name, error: describe(thrown) })
    return unavailable()
  })
  return sign(marketplace, await Promise.race([done, late]), opened.key)
}

/**
 * The answer while the store is out: judged and signed by what was last known of the channel, nothing done and
 * nothing remembered, so that the marketplace tries again.
 */
export function apologise(authority: Authority, channel: Channel, call: RawCall, requestId: string): Answer {
  const marketplace = marketplaceOf(authority, channel)
  const opened = marketplace.open(call, channel, authority.ambient.nowMs())
  if (opened.type === 'rejected') return reject(authority, marketplace, channel, opened, requestId)
  return sign(marketplace, marketplace.answer(opened.intent, { type: 'unavailable' }), opened.key)
}

function marketplaceOf({ marketplaces }: Authority, { kind }: Channel): Marketplace {
  const marketplace = marketplaces.get(kind)
  if (marketplace === undefined) throw new Error(`no marketplace of kind ${kind}`)
  return marketplace
}

function reject(
  authority: Authority,
  marketplace: Marketplace,
  channel: Channel,
  { reply, why }: Opened & { type: 'rejected' },
  requestId: string,
): Answer {
  authority.log.info('callback_rejected', { requestId, channel: channel.name, why })
  return sign(marketplace, marketplace.answer(null, reply), channel.keys.at(-1) ?? null)
}

/** What a call is about to change; null when it is nothing. */
function subjectOf({ name }: Channel, intent: Intent | null): string | null {
  if (intent === null || intent.test) return null
  return intent.type === 'sale' ? orderSubject(name, intent.order) : instanceSubject(name, intent.instance)
}

/** Remembered answer, or work and commit; on a conflict from the start again, `MOST_TRIES` times. */
async function settle(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  marketplace: Marketplace,
  opened: Authentic,
  requestId: string,
): Promise<string> {
  const { mark, key, intent } = opened
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const known = await recall(authority, channel, opened)
    if (known.mark !== null) return replayed(authority, marketplace, opened, known.mark, requestId)
    const worked = await work(authority, snapshot, channel, intent, known)
    const body = worked.remembered ?? marketplace.answer(intent, worked.reply)
    const committed = await authority.store.commit({
      ...worked.batch,
      mark: { ...mark, accessKey: key.id, answer: body },
      ...(worked.remember && { answer: { ...worked.remember, channel: channel.name, body } }),
    })
    if (committed === 'committed') {
      logCallback(authority, channel, opened, worked, requestId)
      return body
    }
  }
  authority.log.warn('callback_contended', { requestId, channel: channel.name, activity: opened.activity })
  return marketplace.answer(intent, { type: 'unavailable' })
}

async function recall(
  { store }: Authority,
  { name: channel }: Channel,
  { key, mark, intent }: Authentic,
): Promise<Recalled> {
  const { signature, nonce } = mark
  if (intent?.type === 'sale' && !intent.test)
    return store.recall({ accessKey: key.id, signature, nonce }, saleIdentity(channel, intent))
  return { ...NOTHING_KNOWN, mark: await store.mark(key.id, signature, nonce) }
}

const NOTHING_KNOWN: Recalled = { mark: null, answer: null, license: null, parking: false }

/** The same raw request gets its answer again; a known nonce or signature on another request is no call of ours. */
function replayed(
  authority: Authority,
  marketplace: Marketplace,
  { mark, activity, intent }: Authentic,
  seen: { readonly request: string; readonly answer: string },
  requestId: string,
): string {
  if (seen.request === mark.request) return seen.answer
  authority.log.warn('callback_replayed', { requestId, activity })
  return marketplace.answer(intent, { type: 'unauthenticated' })
}

async function work(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  intent: Intent | null,
  known: Recalled,
): Promise<Worked> {
  if (intent === null) return { reply: { type: 'malformed' }, batch: {} }
  switch (intent.type) {
    case 'sale':
      return sell(authority, snapshot, channel, intent, known)
    case 'demand':
      return demand(authority, snapshot, channel, intent)
    default:
      return intent satisfies never
  }
}

function sign(marketplace: Marketplace, body: string, key: AccessKey | null): Answer {
  return { body, headers: marketplace.headers(body, key) }
}

function logCallback(
  authority: Authority,
  channel: Channel,
  opened: Authentic,
  worked: Worked,
  requestId: string,
) {
  authority.log.info('callback', {
    requestId,
    channel: channel.name,
    activity: opened.activity,
    reply: worked.reply.type,
    why: opened.why,
    license: worked.batch.change?.after.id,
    test: opened.intent?.test,
  })
}

/** What was thrown, for the log alone. */
export const describe = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'unknown'
