import { type CaseReport, goal, required } from '../report/case-report.ts'
import { medianOver, type Round } from '../rounds.ts'
import { measureInChild } from '../server/child.ts'
import type { Bench } from './bench.ts'

export const VERIFIERS = [
  'licet',
  'node:crypto',
  'jose',
  'licet, new certificate',
  'node:crypto, both',
] as const

/** Microseconds of processor time per verification. */
export type VerifyRound = Round<(typeof VERIFIERS)[number], number>

export interface VerifySettings {
  readonly rounds: number
  readonly verifications: number
}

/** A round is cut small, so that contenders alternate faster than the machine changes. */
const SLICES = 20
const VERIFICATIONS = 500
const LONGEST_MS = 120_000

/** Offline: a license text, its certificate met before, against the bare signature check. */
export async function verifyCase({ options }: Bench): Promise<CaseReport> {
  const settings: VerifySettings = { rounds: options.rounds * SLICES, verifications: VERIFICATIONS }
  const program = new URL('verify-child.ts', import.meta.url)
  const rounds = await measureInChild<readonly VerifyRound[]>(program, settings, LONGEST_MS)
  return {
    name: 'verify',
    title: 'Offline verify: a license text whose certificate was met before',
    notes: [
      'node:crypto is given the signed bytes and prepared keys and does nothing but check signatures: of the code, or of the code and of a certificate that was never met before.',
    ],
    tables: [
      {
        title: 'In one process, one at a time',
        columns: ['', 'verify/s', 'CPU us'],
        rows: VERIFIERS.map((name) => {
          const micros = medianOver(rounds, (round) => round[name])
          return [name, micros && 1e6 / micros, micros]
        }),
      },
    ],
    ratios: [
      {
        what: 'verifications/s, licet / bare node:crypto',
        value: medianOver(rounds, (round) => round['node:crypto'] / round.licet),
        target: required('at least', 0.92),
      },
      {
        what: 'a certificate met before, licet / bare node:crypto for both signatures',
        value: medianOver(rounds, (round) => round['node:crypto, both'] / round.licet),
        target: required('at least', 0.9),
      },
      {
        what: 'a new certificate too, licet / bare node:crypto for both signatures',
        value: medianOver(rounds, (round) => round['node:crypto, both'] / round['licet, new certificate']),
        target: required('at least', 0.9),
      },
      {
        what: 'verifications/s, licet / jose compactVerify',
        value: medianOver(rounds, (round) => round.jose / round.licet),
        target: goal('at least', 1.5),
      },
    ],
    rounds,
  }
}
