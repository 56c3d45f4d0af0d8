import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { License } from '../../src/domain/license.ts'
import { step } from '../../src/domain/step.ts'
import type { Seconds } from '../../src/domain/time.ts'
import { command } from './arbitrary.ts'
import { brokenInvariant } from './invariants.ts'
import { day } from './samples.ts'

/** A command, how many days pass before it, and which earlier command is sent again after it, if any. */
const sent = fc.record({
  command,
  days: fc.constantFrom(0, 0, 1, 5, 30),
  resend: fc.option(fc.nat(30), { nil: null, freq: 3 }),
})

type Sent = { readonly command: Command; readonly days: number; readonly resend: number | null }

/** What reaches the server: the commands in time, with re-sends of earlier ones arriving late and out of order. */
function arrivals(story: readonly Sent[]): readonly { readonly command: Command; readonly now: Seconds }[] {
  let passed = 0
  return story.flatMap(({ command, days, resend }, i) => {
    passed += days
    const now = day(passed)
    if (resend === null) return [{ command, now }]
    return [
      { command, now },
      { command: story[resend % (i + 1)]!.command, now },
    ]
  })
}

function firstBroken(story: readonly Sent[]): string | null {
  let license: License | null = null
  for (const { command, now } of arrivals(story)) {
    const stepped = step(license, command, now)
    if (!stepped.ok) continue
    const broken = brokenInvariant({ before: license, command, now, ...stepped.value })
    if (broken !== null) return `${command.type} on ${license?.status ?? 'no license'}: ${broken}`
    license = stepped.value.license
  }
  return null
}

test('any sequence of any commands, with repeats and late arrivals, holds the invariants', () => {
  const story = fc.array(sent, { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(story, (told) => {
      expect(firstBroken(told)).toBeNull()
    }),
    { numRuns: 3_000 },
  )
})

/** The license at the end of a story, and the commands with an order that it answered with a success. */
function acknowledged(story: readonly Sent[]): { license: License | null; orders: readonly Command[] } {
  const orders: Command[] = []
  let license: License | null = null
  for (const { command, now } of arrivals(story)) {
    const stepped = step(license, command, now)
    if (!stepped.ok) continue
    license = stepped.value.license
    if ('order' in command && command.order !== null) orders.push(command)
  }
  return { license, orders }
}

test('an order once acknowledged, sent again at any later time and in any order, changes nothing or is refused', () => {
  const story = fc.array(sent, { minLength: 1, maxLength: 15 })
  fc.assert(
    fc.property(story, fc.nat(), (told, at) => {
      const { license, orders } = acknowledged(told)
      const again = orders[at % Math.max(1, orders.length)]
      if (again === undefined) return
      const stepped = step(license, again, day(at % 900))
      if (license?.status === 'released')
        expect(stepped).toEqual({ ok: false, no: { reason: 'license_released' } })
      else expect(stepped).toEqual({ ok: true, value: { license, events: [] } })
    }),
    { numRuns: 3_000 },
  )
})
