import { applyForLicense } from './apply-for-license.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import type { Recalled, RememberedAnswer } from './call-memory.ts'
import { checkChange } from './change-check.ts'
import type { Snapshot } from './configuration.ts'
import { demand } from './demand.ts'
import type { LogDetail } from './host.ts'
import { queryInstances } from './instance-query.ts'
import { syncKit } from './kit.ts'
import type { AccessKey, Channel, Intent, Marketplace, Opened, RawCall, Reply } from './marketplace.ts'
import { notice } from './notice.ts'
import { open } from './opening.ts'
import type { Batch } from './ports.ts'
import { saleIdentity, sell } from './sell.ts'
import { instanceSubject, orderSubject } from './turns.ts'
import { unknownScene } from './unknown-scene.ts'
import { upgrade } from './upgrade.ts'

/** What a door sends back: always HTTP 200 for a known channel (contract 3.1). */
export interface Answer {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** For the log: channel, activity, result code and what came of it. */
  readonly told: LogDetail
}

/** An answer's body, and what the log is told of it. */
interface Settled {
  readonly body: string
  readonly told: LogDetail
}

/** A use case's decision, not yet committed. */
export interface Worked {
  readonly reply: Reply
  readonly batch: Batch
  /** An answer given before, to be given again byte for byte; it wins over `reply`. */
  readonly remembered?: string
  /** Of which order line this is the first answer, with a digest of the fields that matter. */
  readonly remember?: Pick<RememberedAnswer, 'order' | 'fields' | 'alone'>
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
  if (opened.type === 'rejected') return reject(marketplace, channel, opened)
  const unavailable = (why: string) => apology(marketplace, opened, why)
  const late = expired.then(() => {
    answered = true
    authority.log.error('callback_deadline', { requestId, channel: channel.name, activity: opened.activity })
    return unavailable('deadline')
  })
  let answered = false
  // The turn is given back at the deadline: behind work that never ends nobody else would ever have one.
  const work = async () =>
    answered
      ? unavailable('deadline')
      : Promise.race([settle(authority, snapshot, channel, marketplace, opened, requestId), late])
  const subject = subjectOf(channel, opened.intent)
  const done = (subject === null ? work() : authority.turns.take(subject, work)).catch((thrown: unknown) => {
    authority.log.error('callback_failed', { requestId, channel: channel.name, error: describe(thrown) })
    return unavailable('outage')
  })
  return answer(marketplace, channel, await Promise.race([done, late]), opened.key)
}

/**
 * The answer while the store is out: judged and signed by what was last known of the channel, nothing done and
 * nothing remembered, so that the marketplace tries again.
 */
export function apologise(authority: Authority, channel: Channel, call: RawCall): Answer {
  const marketplace = marketplaceOf(authority, channel)
  const opened = marketplace.open(call, channel, authority.ambient.nowMs())
  if (opened.type === 'rejected') return reject(marketplace, channel, opened)
  return answer(marketplace, channel, apology(marketplace, opened, 'outage'), opened.key)
}

function apology(marketplace: Marketplace, { activity, intent }: Authentic, why: string): Settled {
  const reply = { type: 'unavailable' } as const
  return { body: marketplace.answer(intent, reply), told: { activity, reply: reply.type, why } }
}

function marketplaceOf({ marketplaces }: Authority, { kind }: Channel): Marketplace {
  const marketplace = marketplaces.get(kind)
  if (marketplace === undefined) throw new Error(`no marketplace of kind ${kind}`)
  return marketplace
}

function reject(
  marketplace: Marketplace,
  channel: Channel,
  { reply, why }: Opened & { type: 'rejected' },
): Answer {
  const settled = { body: marketplace.answer(null, reply), told: { reply: reply.type, why } }
  return answer(marketplace, channel, settled, channel.keys.at(-1) ?? null)
}

/** What a call is about to change; null when it is nothing. */
function subjectOf({ name }: Channel, intent: Intent | null): string | null {
  if (intent === null || intent.test) return null
  switch (intent.type) {
    case 'sale':
    case 'opening':
    case 'notice':
      return orderSubject(name, intent.order)
    case 'demand':
    case 'upgrade':
      return instanceSubject(name, intent.instance)
    case 'kit_sync':
    case 'application':
      return instanceSubject(name, intent.instance)
    case 'instance_query':
    case 'change_check':
    case 'unknown_scene':
      return null
    default:
      return intent satisfies never
  }
}

/** Remembered answer, or work and commit; on a conflict from the start again, `MOST_TRIES` times. */
async function settle(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  marketplace: Marketplace,
  opened: Authentic,
  requestId: string,
): Promise<Settled> {
  const { mark, key, intent } = opened
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const known = await recall(authority, channel, opened)
    if (known.mark !== null) return replayed(authority, marketplace, opened, known.mark, requestId)
    const worked = await work(authority, snapshot, channel, intent, known)
    const to = { key, pages: channel.pages, issuer: authority.issuer, random: authority.ambient.random }
    const body = worked.remembered ?? marketplace.answer(intent, worked.reply, to)
    const committed = await authority.store.commit({
      ...worked.batch,
      mark: { ...mark, accessKey: key.id, answer: body },
      ...(worked.remember && { answer: { ...worked.remember, channel: channel.name, body } }),
    })
    if (committed === 'committed') return { body, told: toldOf(opened, worked) }
  }
  authority.log.warn('callback_contended', { requestId, channel: channel.name, activity: opened.activity })
  return apology(marketplace, opened, 'contended')
}

async function recall(
  { store }: Authority,
  { name: channel }: Channel,
  { key, mark, intent }: Authentic,
): Promise<Recalled> {
  const { signature, nonce } = mark
  if ((intent?.type === 'sale' || intent?.type === 'opening') && !intent.test)
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
): Settled {
  if (seen.request === mark.request) return { body: seen.answer, told: { activity, reply: 'repeated' } }
  authority.log.warn('callback_replayed', { requestId, activity })
  const reply = { type: 'unauthenticated' } as const
  return { body: marketplace.answer(intent, reply), told: { activity, reply: reply.type, why: 'replayed' } }
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
    case 'opening':
      return open(authority, snapshot, channel, intent, known)
    case 'notice':
      return notice(authority, channel, intent)
    case 'instance_query':
      return queryInstances(authority, snapshot, channel, intent)
    case 'upgrade':
      return upgrade(authority, snapshot, channel, intent)
    case 'change_check':
      return checkChange(authority, snapshot, channel, intent)
    case 'unknown_scene':
      return unknownScene(authority, channel, intent)
    case 'application':
      return applyForLicense(authority, snapshot, channel, intent)
    case 'kit_sync':
      return syncKit(authority, channel, intent)
    default:
      return intent satisfies never
  }
}

function answer(
  marketplace: Marketplace,
  { name: channel }: Channel,
  { body, told }: Settled,
  key: AccessKey | null,
): Answer {
  const code = marketplace.codeOf(body)
  return { body, headers: marketplace.headers(body, key), told: { channel, code, ...told } }
}

const toldOf = ({ activity, intent, why }: Authentic, { reply, batch }: Worked): LogDetail => ({
  activity,
  reply: reply.type,
  why,
  license: batch.change?.after.id,
  test: intent?.test,
})

/** What was thrown, for the log alone. */
export const describe = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'unknown'
