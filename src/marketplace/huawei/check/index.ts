import type {
  CheckOrder,
  CheckReport,
  MarketplaceCheck,
  SceneReport,
} from '../../../authority/marketplace-check.ts'
import { addressScenes } from './address.ts'
import type { Answer } from './answers.ts'
import { casesOf } from './cases.ts'
import { FAMILIES } from './families.ts'
import { guardsOf } from './guards.ts'
import { hintsOf } from './hints.ts'
import { type Played, play, reportOf, unplayed } from './play.ts'
import type { Family, Stage } from './scene.ts'
import { type CheckCrypto, stageOf } from './stage.ts'
import { type Whole, wholesOf } from './whole.ts'

/**
 * The debugging console of Huawei Cloud Marketplace, before it is pressed: the debugging cases of every family, then
 * what else a production address has to stand (reference 3). Every call is a test call, of orders that nobody has.
 */
export function huaweiCheck(crypto: CheckCrypto): MarketplaceCheck {
  return {
    families: FAMILIES.map(({ name, title }) => ({ name, title })),
    run: (order) => check(crypto, order),
  }
}

async function check(crypto: CheckCrypto, order: CheckOrder): Promise<CheckReport> {
  const stage = stageOf(crypto, order)
  const families = FAMILIES.filter(({ name }) => order.families.includes(name))
  const scenes = families.flatMap((family) => [...casesOf(family), ...guardsOf(family)])
  const secrets = Object.values(order.accessKeys)
  const played = await play(scenes, { stage, exchange: order.exchange, secrets })
  if ('unreachable' in played) return { type: 'unreachable', why: played.unreachable }
  const answers = played.flatMap((one) => one.answers)
  const address = addressScenes(order.address, order.ambient.nowMs())
  const reports = [
    ...address.map((whole) => wholeReport(whole, answers, stage)),
    ...families.flatMap((family) => familyReports(family, played, stage)),
  ]
  return { type: 'checked', scenes: reports, hints: hintsOf(families, reports) }
}

function familyReports(family: Family, played: readonly Played[], stage: Stage): readonly SceneReport[] {
  const own = played.filter(({ report }) => report.family === family.name)
  const answers = own.flatMap((one) => one.answers)
  return [
    ...own.map(({ report }) => report),
    ...wholesOf(family).map((whole) => wholeReport(whole, answers, stage)),
  ]
}

function wholeReport(whole: Whole, answers: readonly Answer[], { callers }: Stage): SceneReport {
  const findings = whole.judge(answers, callers)
  return findings === null ? unplayed(whole) : reportOf(whole, findings)
}
