import { rfc3339 } from '../authority/view.ts'
import type { LicenseFacts, Verdict } from '../verify/index.ts'
import { EXPLANATIONS } from './reasons.ts'
import { NOTHING, sheet } from './table.ts'
import { SPEAKERS, WARNINGS } from './warnings.ts'

/** The verdict with its dates as RFC 3339; null = perpetual. */
export function verdictDocument({ valid, standing, reason, license, ...beside }: Verdict) {
  const dated = license && { license: { ...license, ...datesOf(license) } }
  return { valid, standing, reason, ...dated, ...beside }
}

function datesOf({ issuedAt, paidUntil, worksUntil }: LicenseFacts) {
  return { issuedAt: rfc3339(issuedAt), paidUntil: dateOf(paidUntil), worksUntil: dateOf(worksUntil) }
}

const dateOf = (seconds: number | null): string | null => (seconds === null ? null : rfc3339(seconds))

/** One line with the verdict and the two dates, then what a refusal means, then the details and the warnings. */
export function verdictText(verdict: Verdict): string {
  const { license, reason, warnings = [] } = verdict
  const head = verdict.valid ? `valid: ${verdict.standing}` : `invalid: ${reason}`
  const line = license === undefined ? head : `${head}; ${datesText(license)}`
  const parts = [
    line,
    ...(verdict.line === undefined ? [] : [brokenLine(verdict.line)]),
    ...(reason === null ? [] : [explanation(reason)]),
    ...(license ? [details(license, verdict)] : []),
    ...warnings.map((warning) => `Warning: ${WARNINGS[warning]}`),
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

const brokenLine = (line: number): string =>
  line === 0
    ? 'The license file is longer than any can be.'
    : `Line ${line} of the license file cannot be read, or is one too many of its kind.`

const details = (license: LicenseFacts, { decidedBy }: Verdict): string =>
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
    ['decided by', decidedBy === undefined ? null : SPEAKERS[decidedBy]],
  ])

const featureText = (feature: string | number): string =>
  typeof feature === 'number' ? `bit ${feature}` : feature
