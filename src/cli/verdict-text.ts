import { rfc3339 } from '../authority/view.ts'
import type { LicenseFacts, Verdict } from '../verify/index.ts'
import { EXPLANATIONS } from './reasons.ts'
import { NOTHING, sheet } from './table.ts'

/** The verdict with its dates as RFC 3339; null = perpetual. */
export function verdictDocument({ valid, standing, reason, license }: Verdict) {
  return { valid, standing, reason, ...(license && { license: { ...license, ...datesOf(license) } }) }
}

function datesOf({ issuedAt, paidUntil, worksUntil }: LicenseFacts) {
  return { issuedAt: rfc3339(issuedAt), paidUntil: dateOf(paidUntil), worksUntil: dateOf(worksUntil) }
}

const dateOf = (seconds: number | null): string | null => (seconds === null ? null : rfc3339(seconds))

/** One line with the verdict and the two dates, then what a refusal means, then the details. */
export function verdictText(verdict: Verdict): string {
  const { license, reason } = verdict
  const head = verdict.valid ? `valid: ${verdict.standing}` : `invalid: ${reason}`
  const line = license === undefined ? head : `${head}; ${datesText(license)}`
  const parts = [
    line,
    ...(reason === null ? [] : [explanation(reason)]),
    ...(license ? [details(license)] : []),
  ]
  return parts.join('\n\n')
}

function explanation(reason: keyof typeof EXPLANATIONS): string {
  const { means, next } = EXPLANATIONS[reason]
  return `${means}\nWhat to do: ${next}`
}

function datesText(license: LicenseFacts): string {
  const { paidUntil, worksUntil } = datesOf(license)
  return paidUntil === null ? 'perpetual' : `paid until ${paidUntil}, works until ${worksUntil}`
}

const details = (license: LicenseFacts): string =>
  sheet([
    ['license', license.id],
    ['product', `${license.product}`],
    ['edition', `${license.edition}`],
    ['features', license.features.map(featureText).join(', ') || NOTHING],
    ['seats', license.seats === null ? 'unlimited' : `${license.seats}`],
    ['trial', license.trial ? 'yes' : null],
    ['device', license.bound ? 'bound to one' : null],
    ['revision', `${license.revision}`],
    ['issued at', rfc3339(license.issuedAt)],
    ['signed by', `key ${license.kid}`],
  ])

const featureText = (feature: string | number): string =>
  typeof feature === 'number' ? `bit ${feature}` : feature
