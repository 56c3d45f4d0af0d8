import type { Market, Undelivered } from './market.ts'

/** What the marketplace now thinks of the seller. */
export interface Opinion {
  readonly standing: 'on_sale' | 'frozen' | 'delisted'
  readonly probeDays: { readonly passed: number; readonly failed: number; readonly failedInARow: number }
  readonly findings: readonly Finding[]
}

/** One thing held against the seller, and the page of the marketplace's documents that says what follows. */
export interface Finding {
  readonly says: string
  readonly page: string
}

const MOST_FAILED_DAYS = 5
const MOST_UNDELIVERED = 5
const MONTH_MS = 30 * 86_400_000

const PROBES_PAGE = 'zh-cn_topic_0070649172'
const UNDELIVERED_PAGE = 'zh-cn_topic_0070649282, 0000001353181669'

/** By the rules of reference 3.10 and 3.11. What freezes or delists the product is not forgotten by later success. */
export function opinionOf(market: Market): Opinion {
  const days = [...market.probeDays, ...(market.today.failures > 0 ? [true] : [])]
  const failedInARow = days.length - 1 - days.lastIndexOf(false)
  const isFrozen = longestRun(days) >= MOST_FAILED_DAYS
  const undelivered = mostInAMonth(market.undelivered)
  const isDelisted = undelivered > MOST_UNDELIVERED
  const findings = [
    ...found(
      isDelisted,
      `delisted: ${undelivered} undelivered orders within a month, ${MOST_UNDELIVERED} are borne`,
      UNDELIVERED_PAGE,
    ),
    ...found(isFrozen, 'frozen: trading stopped, the product is hidden, and it may be delisted', PROBES_PAGE),
    ...found(failedInARow > 0 && !isFrozen, probesSay(failedInARow), PROBES_PAGE),
    ...market.undelivered.map(undeliveredFinding),
    ...market.contradictions,
    ...unsettled(market),
  ]
  const failed = days.filter((isFailed) => isFailed).length
  return {
    standing: isDelisted ? 'delisted' : isFrozen ? 'frozen' : 'on_sale',
    probeDays: { passed: days.length - failed, failed, failedInARow },
    findings,
  }
}

const found = (holds: boolean, says: string, page: string): readonly Finding[] =>
  holds ? [{ says, page }] : []

const probesSay = (days: number): string =>
  `${days} failed probe day${days === 1 ? '' : 's'} of ${MOST_FAILED_DAYS}: after ${MOST_FAILED_DAYS} in a row trading is frozen and the product hidden`

function longestRun(days: readonly boolean[]): number {
  let [run, longest] = [0, 0]
  for (const isFailed of days) {
    run = isFailed ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

/** The most that were ever undelivered within one month. */
function mostInAMonth(undelivered: readonly Undelivered[]): number {
  const times = undelivered.filter(({ isOrder }) => isOrder).map(({ atMs }) => atMs)
  return Math.max(0, ...times.map((to) => times.filter((at) => at <= to && at > to - MONTH_MS).length))
}

function undeliveredFinding({ activity, order, failure, refunded, isOrder }: Undelivered): Finding {
  const what = `${activity}${order === null ? '' : ` of order ${order}`} failed to the end (${failure})`
  if (refunded)
    return { says: `${what}: the order was unsubscribed and the buyer refunded`, page: UNDELIVERED_PAGE }
  const waits = isOrder
    ? 'the order waits at 商家实施交付 for the seller'
    : 'it waits in 生产接口消息 for a restart by hand'
  return { says: `${what}: ${waits}`, page: 'zh-cn_topic_0070649167, 0070649153' }
}

/** Families whose purchase tells nothing but the number of an order. */
const ASKING: ReadonlySet<string> = new Set(['online-license', 'saas-2'])

/** What the seller still has to do by calling the marketplace. */
export function unsettled({ resources, asked, applications, uploads }: Market): readonly Finding[] {
  const unasked = [...resources.values()]
    .filter(({ family, id, purchase }) => ASKING.has(family) && id !== null && !asked.has(purchase.id))
    .map(({ purchase }) => ({
      says: `order ${purchase.id} was never asked for (查询订单): the seller cannot know what was bought`,
      page: 'zh-cn_topic_0070649350',
    }))
  const missing = [...applications.keys()]
    .filter((event) => !uploads.has(event))
    .map((event) => ({
      says: `the license of event ${event} was not uploaded: the buyer waits for it`,
      page: 'zh-cn_topic_0070649255',
    }))
  return [...unasked, ...missing]
}
