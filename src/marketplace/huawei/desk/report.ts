import type { DeskEvent } from './event.ts'
import type { Resource } from './market.ts'
import type { Opinion } from './opinion.ts'

/** An event as a person reads it, without a line break at its end; null where it says nothing new. */
export function textOf(event: DeskEvent): string | null {
  switch (event.type) {
    case 'call': {
      const { activity, about, attempt, tries, most } = event
      const isFirst = tries <= 2
      if (!isFirst && attempt.failure !== null && tries < most) return null
      const said = attempt.failure === null ? attempt.resultCode : `FAILED: ${attempt.failure}`
      return `→ ${activity.padEnd(42)} ${about.padEnd(22)} ${said}, ${attempt.tookMs} ms${most > 1 ? tryText(tries, most, attempt.failure) : ''}`
    }
    case 'open_api':
      return `← ${event.method} ${pathOf(event.target)}  ${event.status ?? ''} ${event.code}`
    case 'probe': {
      const { when, made, failed } = event
      const said = failed.length === 0 ? 'all passed' : `${failed.length} FAILED`
      const lines = failed.map(({ activity, failure }) => `\n    ${activity}: ${failure}`)
      return `  probe (${when}): ${made} calls, ${said}${lines.join('')}`
    }
    case 'day':
      return `— day ${event.day} is over: ${event.failed ? 'a failed probe day' : 'the probes passed'}; ${standingText(event.opinion)}`
    case 'status':
      return `${resourcesText(event.resources)}\n${opinionText(event.opinion)}`
    case 'note':
      return `  ${event.text}`
    case 'refused':
      return `! ${event.text}`
    default:
      return event satisfies never
  }
}

function tryText(tries: number, most: number, failure: string | null): string {
  if (failure === null) return tries === 1 ? '' : ` (try ${tries} of ${most})`
  return tries === most ? ` (try ${tries} of ${most}: given up)` : ` (try ${tries} of ${most})`
}

/** Without the ids of a query, which may be long. */
const pathOf = (target: string): string =>
  target.replace(/^\/(?:api\/mkp-openapi-public\/global|rest\/marketplace)\//, '')

const standingText = ({ standing, probeDays }: Opinion): string => {
  if (standing === 'delisted') return 'delisted'
  if (standing === 'frozen') return 'frozen: trading stopped'
  return probeDays.failedInARow === 0
    ? 'on sale'
    : `on sale; ${probeDays.failedInARow} failed probe days of 5`
}

/** What the marketplace thinks, with what it holds against the seller. */
export function opinionText(opinion: Opinion): string {
  const { probeDays, findings } = opinion
  const head = `The marketplace thinks: ${standingText(opinion)} (probe days passed: ${probeDays.passed}, failed: ${probeDays.failed})`
  if (findings.length === 0) return `${head}\n  nothing is held against the seller`
  return [head, ...findings.map(({ says, page }) => `  - ${says} [${page}]`)].join('\n')
}

function resourcesText(resources: readonly Resource[]): string {
  if (resources.length === 0) return 'Nothing was bought yet.'
  return resources
    .map(({ number, family, id, state, paidUntilMs, product, trial }) => {
      const until = new Date(paidUntilMs).toISOString().slice(0, 10)
      const what = `${product.quantity} × ${product.productId}${trial ? ', trial' : ''}`
      return `#${number} ${family}  ${id ?? 'not delivered'}  ${state}, paid until ${until}, ${what}`
    })
    .join('\n')
}
