import { FAMILIES } from './families.ts'
import { deliver } from './line.ts'
import type { Office } from './office.ts'
import { wordOf } from './office.ts'
import { opinionOf } from './opinion.ts'
import { probesOf } from './probes.ts'
import { nameOf, spoken } from './step.ts'

/** Replays the debug cases of every family that is sold; one failure makes a failed day (reference 3.10). */
export async function probe(office: Office, when: 'morning' | 'afternoon' | 'now'): Promise<void> {
  const { families, line, callers, market, marketMs, product, tell } = office
  const steps = families.flatMap((name) =>
    probesOf(FAMILIES[name], product, marketMs(), wordOf(office, 12), callers.kit !== null),
  )
  const failed: { activity: string; failure: string }[] = []
  for (const step of steps) {
    const caller = spoken(callers, step)
    const { failure } = await deliver(line, caller, step.schedule, caller.build, step)
    if (failure !== null) failed.push({ activity: nameOf(step), failure })
  }
  market.today = {
    probes: market.today.probes + steps.length,
    failures: market.today.failures + failed.length,
  }
  tell({ type: 'probe', when, made: steps.length, failed })
}

const HOUR_MS = 3_600_000

/** A day of the marketplace: a probe in the morning and one in the afternoon, and what it thinks in the end. */
export async function passDay(office: Office): Promise<void> {
  const { line, market, waiters, tell } = office
  await line.pause(9 * HOUR_MS)
  await probe(office, 'morning')
  await line.pause(6 * HOUR_MS)
  await probe(office, 'afternoon')
  await line.pause(9 * HOUR_MS)
  const failed = market.today.failures > 0
  market.probeDays.push(failed)
  market.today = { probes: 0, failures: 0 }
  tell({ type: 'day', day: market.probeDays.length, failed, opinion: opinionOf(market) })
  for (const resolve of waiters.splice(0)) resolve()
}
