import { randomBytes } from 'node:crypto'
import { type CaseReport, goal, type Ratio, required } from '../report/case-report.ts'
import { measuredTable } from '../report/measured-table.ts'
import { interleave, type Measured, medianOver, quotient, type Round } from '../rounds.ts'
import type { Bench } from './bench.ts'
import {
  CALLBACK_CONTENDERS,
  type CallbackContender,
  type CallbackRound,
  callbackRound,
} from './callback-contender.ts'

type Rounds = readonly Round<CallbackContender, CallbackRound>[]

/** Purchases over HTTP, durable: `getLicense` of License 1.0, every order new. */
export async function callbackCase(bench: Bench): Promise<CaseReport> {
  const accessKey = randomBytes(24).toString('hex')
  const rounds = await interleave(CALLBACK_CONTENDERS, bench.options.rounds, (name) =>
    callbackRound(bench, name, accessKey),
  )
  return {
    name: 'callback',
    title: 'Callback: a purchase becomes a signed license, durable before the answer',
    notes: [
      `PRAGMA synchronous after a write: ${durability(rounds)}.`,
      'Every answer was checked, the first texts of each server verified offline, licenses counted = purchases made.',
    ],
    tables: [
      measuredTable('New orders, 32 in flight', CALLBACK_CONTENDERS, phase(rounds, 'sold')),
      measuredTable('New orders, one at a time', CALLBACK_CONTENDERS, phase(rounds, 'alone')),
      measuredTable('The same requests again, 32 in flight', CALLBACK_CONTENDERS, phase(rounds, 'replayed')),
    ],
    ratios: ratios(rounds),
    rounds,
  }
}

function phase(rounds: Rounds, name: 'sold' | 'alone' | 'replayed'): Round<CallbackContender, Measured>[] {
  return rounds.map((round) => ({
    licet: round.licet[name],
    'group-commit mock': round['group-commit mock'][name],
    'as documented': round['as documented'][name],
  }))
}

function ratios(rounds: Rounds): readonly Ratio[] {
  const over = (pick: (round: Rounds[number]) => number | null) => medianOver(rounds, pick)
  const mock = 'group-commit mock'
  return [
    {
      what: 'new orders/s, licet / group-commit mock',
      value: over((round) => round.licet.sold.perSecond / round[mock].sold.perSecond),
      target: required('at least', 0.85),
    },
    {
      what: 'new orders/s, licet / as documented',
      value: over((round) => round.licet.sold.perSecond / round['as documented'].sold.perSecond),
      target: required('at least', 4),
    },
    {
      what: 'CPU per new order, licet / group-commit mock',
      value: over((round) => quotient(round.licet.sold.cpuMicros, round[mock].sold.cpuMicros)),
      target: goal('at most', 1.25),
    },
    {
      what: 'p50 one at a time, licet / group-commit mock',
      value: over((round) => round.licet.alone.p50Micros / round[mock].alone.p50Micros),
      target: goal('at most', 1.25),
    },
    {
      what: 'replays/s, licet / group-commit mock',
      value: over((round) => round.licet.replayed.perSecond / round[mock].replayed.perSecond),
      target: null,
    },
    {
      what: 'licet, replays/s / new orders/s',
      value: over((round) => round.licet.replayed.perSecond / round.licet.sold.perSecond),
      target: goal('at least', 1.3),
    },
  ]
}

function durability(rounds: Rounds): string {
  const said = (name: CallbackContender) => new Set(rounds.map((round) => round[name].synchronous))
  const mocks = (['group-commit mock', 'as documented'] as const).map(
    (name) => `${name} ${[...said(name)].join(', ')}`,
  )
  return `${mocks.join('; ')}; licet does not start with anything but 2 (FULL)`
}
