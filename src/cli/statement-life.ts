import type { Command } from 'commander'
import type { Crypto } from '../authority/host.ts'
import type { NoLicenseFile } from '../authority/license-file.ts'
import type { SignedStatement, StatementWish } from '../authority/statement.ts'
import { rfc3339 } from '../authority/view.ts'
import type { License } from '../domain/license.ts'
import { SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import type { Statement } from '../format/statement.ts'
import { refusalOutcome } from './errors.ts'
import { bindingOf } from './license-issue.ts'
import { time, wholeNumber } from './options.ts'
import { type Outcome, refused } from './output.ts'
import { Unreadable } from './shell.ts'

/** What a person says of the statement that is to be made. */
export interface StatementGiven {
  readonly for?: number
  readonly until?: Seconds
  readonly fingerprint?: string
}

/** Ten years; a statement never permits longer than the license works. */
const MOST_DAYS = 3_660

export const statementOptions = (command: Command): Command =>
  command
    .option('--for <days>', 'how many days it is to permit', wholeNumber(1, MOST_DAYS))
    .option('--until <time>', 'until when it is to permit: RFC 3339, or YYYY-MM-DD', time)
    .option('--fingerprint <text>', 'the device it is to be good on, and no other')

/** Throws `Unreadable` for what contradicts itself, is no fingerprint, or is not ahead. */
export function wishOf(
  { for: days, until, fingerprint }: StatementGiven,
  crypto: Crypto,
  now: Seconds,
): StatementWish {
  if (days !== undefined && until !== undefined) throw new Unreadable('Give --for or --until, not both.')
  if (until !== undefined && until <= now)
    throw new Unreadable(`--until ${rfc3339(until)} is not ahead; it is ${rfc3339(now)} now.`)
  if (fingerprint !== undefined) bindingOf(crypto, fingerprint)
  const life = days === undefined ? until && until - now : days * SECONDS_PER_DAY
  return { fingerprint: fingerprint ?? null, nonce: null, ...(life !== undefined && { life }) }
}

/** For another device than the one the license is bound to a statement would permit nothing (contract 1.4); null for the right one. */
export function otherDevice(crypto: Crypto, license: License, fingerprint: string | null): Outcome | null {
  const binding = license.status === 'pending' ? null : (license.terms?.binding ?? null)
  if (fingerprint === null || binding === null || bindingOf(crypto, fingerprint) === binding) return null
  const why = 'The license is bound to another device; "licet license reissue --fingerprint" moves it.'
  return refused(1, 'wrong_device', why)
}

/** A statement as a document: what it says of the license, and how long. */
export function statementDocument({ text, claims, kid }: SignedStatement) {
  const { status, rev, iat, exp } = claims
  return { statement: text, status, revision: rev, issuedAt: rfc3339(iat), permitsUntil: rfc3339(exp), kid }
}

/** For a person: whether it permits, and until when. */
export function statementText({ claims, kid }: SignedStatement): string {
  return `statement: license ${claims.sub} is ${claims.status}; it ${permits(claims)} (key ${kid})`
}

function permits({ status, iat, exp, works_until }: Statement): string {
  const hasEnded = works_until !== null && works_until <= iat
  if (status !== 'active' || hasEnded) return 'permits nothing'
  return `permits until ${rfc3339(exp)}${exp === works_until ? ', the end of the license' : ''}`
}

/** Why there is no statement, or no license file. */
export function noFileOutcome(no: NoLicenseFile): Outcome {
  switch (no.reason) {
    case 'no_code':
      return refused(1, no.reason, 'The license never had a code, so there is no text to put into a file.')
    case 'nothing_to_state':
      return refused(1, no.reason, 'The terms of the license are not known, so there is nothing to state.')
    case 'list_too_long':
      return refused(
        1,
        no.reason,
        `The revocation list of ${no.product} would be longer than the 4 MiB that software reads.`,
      )
    case 'no_key':
      return refusalOutcome(no)
    default:
      return no satisfies never
  }
}
