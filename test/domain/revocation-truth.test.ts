import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Listing, listingOf } from '../../src/domain/codes-out.ts'
import type { Command } from '../../src/domain/commands.ts'
import type { Event } from '../../src/domain/events.ts'
import { type Grant, grant } from '../../src/domain/grant.ts'
import type { License } from '../../src/domain/license.ts'
import { step } from '../../src/domain/step.ts'
import { isAhead, type Seconds, worksUntil } from '../../src/domain/time.ts'
import type { RevocationEntry } from '../../src/format/revocations.ts'
import { verifyMet } from '../verify/everything.ts'
import { certificateText, codeText } from '../verify/kit.ts'
import { CERTIFICATES, listText, ROOT_TEXT } from '../verify/since-kit.ts'
import { command, terms } from './arbitrary.ts'
import { day, ID, ORIGIN } from './samples.ts'

/**
 * The truth of the list: shipped software that holds any code ever issued, and the newest list, refuses exactly those it
 * must. What it must is told here from the codes and the events themselves, by nothing the domain remembers.
 */

interface Code {
  readonly grant: Grant
  readonly at: Seconds
  /** A shortening or a leak came after it. */
  isShutOut: boolean
}

interface Told {
  readonly license: License | null
  readonly codes: readonly Code[]
  readonly now: Seconds
}

const sent = fc.record({ command, days: fc.constantFrom(0, 0, 1, 5, 30) })
const sale = terms.map((sold): Command => ({ type: 'issue', id: ID, origin: ORIGIN, terms: sold }))
const story = fc
  .tuple(sale, fc.array(sent, { minLength: 1, maxLength: 12 }))
  .map(([first, rest]) => [{ command: first, days: 0 }, ...rest])

function tell(told: readonly { readonly command: Command; readonly days: number }[]): Told {
  const codes: Code[] = []
  let license: License | null = null
  let passed = 0
  for (const { command, days } of told) {
    passed += days
    const stepped = step(license, command, day(passed))
    if (!stepped.ok) continue
    license = stepped.value.license
    const { events } = stepped.value
    if (events.some(shutsOut)) for (const code of codes) code.isShutOut = true
    const due = events.length === 0 ? null : grant(license, day(passed))
    if (due !== null) codes.push({ grant: due, at: day(passed), isShutOut: false })
  }
  return { license, codes, now: day(passed) }
}

const shutsOut = (event: Event): boolean =>
  event.type === 'shortened' || (event.type === 'reissued' && event.leaked)

/** Why a code must be refused for what happened to its license, or null. */
function mustRefuse(license: License, { isShutOut }: Code): string | null {
  if (license.status === 'frozen' || license.status === 'released') return license.status
  return isShutOut ? 'superseded' : null
}

const runs = ({ grant: { terms } }: Code, at: Seconds): boolean =>
  isAhead(worksUntil(terms.paidUntil, terms.graceDays), at)

/** The entry as the list of this moment has it: an entry whose codes have run out is left out. */
function entryAt(license: License | null, at: Seconds): Listing | null {
  const listing = license && listingOf(license)
  return listing !== null && isAhead(listing.until, at) ? listing : null
}

const CERTIFICATE = certificateText({ to: day(5_000) })

function textOf({ grant: { revision, terms }, at }: Code): string {
  const { binding: _none, ...sold } = terms
  return `${codeText({ ...sold, licenseId: ID, revision, issuedAt: at, binding: null })} ${CERTIFICATE}`
}

function judged(code: Code, listing: Listing | null, at: Seconds, { number = 1, state = '' } = {}) {
  const entries: readonly RevocationEntry[] = listing === null ? [] : [[ID, listing.minRevision, listing.why]]
  const list = listText(entries, { iat: at, next_update: at + 86_400, number })
  return verifyMet(textOf(code), ROOT_TEXT, { now: at, certificates: CERTIFICATES, list, state })
}

describe('the newest revocation list, told to shipped software', () => {
  test('refuses exactly the codes it must, each for its reason, at any later time', () => {
    let refusedCodes = 0
    fc.assert(
      fc.property(story, fc.constantFrom(0, 1, 20, 70, 400), (commands, later) => {
        const { license, codes, now } = tell(commands)
        const at = now + later * 86_400
        for (const code of codes.slice(-4)) {
          const reason = mustRefuse(license!, code)
          const verdict = judged(code, entryAt(license, at), at)
          if (!runs(code, at)) expect(verdict.valid).toBe(false)
          else if (reason === null) expect(verdict).toMatchObject({ valid: true })
          else expect(verdict).toMatchObject({ valid: false, reason, decidedBy: 'list' })
          if (reason !== null && runs(code, at)) refusedCodes++
        }
      }),
      { numRuns: 1_500 },
    )
    expect(refusedCodes).toBeGreaterThan(500)
  }, 60_000)

  test('speaks of a license exactly while a code it must refuse could still run', () => {
    let listed = 0
    fc.assert(
      fc.property(story, fc.constantFrom(0, 1, 20, 70, 400), (commands, later) => {
        const { license, codes, now } = tell(commands)
        const at = now + later * 86_400
        const isNeeded = codes.some((code) => runs(code, at) && mustRefuse(license!, code) !== null)
        expect(entryAt(license, at) !== null).toBe(isNeeded)
        if (isNeeded) listed++
      }),
      { numRuns: 10_000 },
    )
    expect(listed).toBeGreaterThan(1_500)
  })

  test('lets exactly the newest code that is still good be used, whatever lists the program has stored before', () => {
    let used = 0
    fc.assert(
      fc.property(story, (commands) => {
        let state = ''
        for (let length = 1; length <= commands.length; length++) {
          const { license, codes, now } = tell(commands.slice(0, length))
          const newest = codes.at(-1)
          if (newest === undefined) continue
          const at = now + length
          const verdict = judged(newest, entryAt(license, at), at, { number: length, state })
          state = verdict.state ?? state
          const isUsable = runs(newest, at) && mustRefuse(license!, newest) === null
          expect(verdict.valid).toBe(isUsable)
          if (isUsable) used++
        }
      }),
      { numRuns: 300 },
    )
    expect(used).toBeGreaterThan(200)
  }, 60_000)
})
