import { SECONDS_PER_DAY } from '../domain/time.ts'
import { expireTimeOf } from '../marketplace/huawei/caller.ts'
import type { Verdict } from '../verify/node.ts'
import type { MarketplaceAnswer, OnlineAnswer, Stage } from './demo-stage.ts'

/** One step as it went: `ok` when it went as the story says. */
export interface Told {
  readonly step: string
  readonly ok: boolean
  readonly lines: readonly string[]
}

const MONTH = 31 * SECONDS_PER_DAY

/** Purchase, renewal, grace, freeze, reinstatement, rotation of the signing key, release: told one by one, nothing hard-coded but the questions. */
export async function tellStory(stage: Stage, out: (text: string) => void): Promise<readonly Told[]> {
  const told: Told[] = []
  const tell = (step: string, ok: boolean, lines: readonly string[]) => {
    told.push({ step, ok, lines })
    out(
      `\n${told.length}. ${step}${ok ? '' : '   << NOT AS EXPECTED'}\n${lines.map((line) => `   ${line}\n`).join('')}`,
    )
  }
  const endIn = (seconds: number) => expireTimeOf(stage.nowMs() + seconds * 1000)

  const bought = await stage.call((caller, moment) =>
    caller.getLicense(
      {
        customerId: 'demo',
        orderId: 'CS-1',
        productId: 'OFFI-1',
        skuCode: 'sku-gold',
        amount: 5,
        expireTime: endIn(MONTH),
      },
      moment,
    ),
  )
  const code = bought.license ?? ''
  const instanceId = bought.instanceId ?? ''
  const first = await stage.offline(code)
  tell('A buyer pays; the marketplace asks for a license.', isDone(bought) && first.valid, [
    answered('getLicense', bought),
    `the code: ${code.slice(0, 40)}… (${code.length} characters, with the certificate of its key)`,
    offline(first),
  ])

  const renewed = await stage.call((caller, moment) =>
    caller.refreshLicense({ orderId: 'CS-2', instanceId, expireTime: endIn(2 * MONTH) }, moment),
  )
  const handed = await stage.online(code)
  const second = await stage.offline(handed.currentCode ?? '')
  tell('The buyer renews; the software asks for its newest code.', isDone(renewed) && second.valid, [
    answered('refreshLicense', renewed),
    online(handed),
    offline(second),
  ])

  const current = handed.currentCode ?? ''
  stage.pass(2 * MONTH + SECONDS_PER_DAY)
  const grace = await stage.offline(current)
  tell('Two months pass: paid time is over, grace has begun.', grace.standing === 'grace', [offline(grace)])

  stage.pass(3 * SECONDS_PER_DAY)
  const expired = await stage.call((caller, moment) =>
    caller.expireLicense({ orderId: 'CS-1', instanceId }, moment),
  )
  const frozen = await stage.online(current)
  const ended = await stage.offline(current)
  tell(
    'Grace is over; the marketplace freezes the instance.',
    frozen.reason === 'frozen' && ended.reason === 'expired',
    [answered('expireLicense', expired), online(frozen), offline(ended)],
  )

  const paid = await stage.call((caller, moment) =>
    caller.refreshLicense({ orderId: 'CS-3', instanceId, expireTime: endIn(MONTH) }, moment),
  )
  const back = await stage.online(current)
  const third = await stage.offline(back.currentCode ?? '')
  tell('The buyer pays after all; the license works again.', isDone(paid) && back.valid && third.valid, [
    answered('refreshLicense', paid),
    online(back),
    offline(third),
  ])

  const rotated = await stage.rotate()
  const after = await stage.call((caller, moment) =>
    caller.refreshLicense({ orderId: 'CS-4', instanceId, expireTime: endIn(2 * MONTH) }, moment),
  )
  const handedOn = await stage.online(back.currentCode ?? '')
  const ofOldKey = await stage.offline(back.currentCode ?? '')
  const ofNewKey = await stage.offline(handedOn.currentCode ?? '')
  tell(
    'Support rotates the signing key; software of the first day believes the next code.',
    isDone(after) && isOf(ofOldKey, rotated.previous) && isOf(ofNewKey, rotated.kid),
    [
      `licet keys rotate: key ${rotated.kid} signs codes; key ${rotated.previous} is retired, its private part destroyed`,
      answered('refreshLicense', after),
      `the code of key ${rotated.previous}, ${offline(ofOldKey)}`,
      `the code of key ${rotated.kid}, ${offline(ofNewKey)}`,
      'the software knows the root manifest of the first day and nothing else: the certificate came with the code',
    ],
  )

  const released = await stage.call((caller, moment) =>
    caller.releaseLicense({ orderId: 'CS-1', instanceId }, moment),
  )
  const gone = await stage.online(handedOn.currentCode ?? '')
  tell('The instance is released, for ever.', isDone(released) && gone.reason === 'released', [
    answered('releaseLicense', released),
    online(gone),
  ])
  return told
}

const isDone = (answer: MarketplaceAnswer): boolean => answer.resultCode === '000000' && answer.signatureHolds

/** A valid code, signed by this key. */
const isOf = ({ valid, license }: Verdict, kid: string | null): boolean => valid && license?.kid === kid

function answered(activity: string, { resultCode, signatureHolds }: MarketplaceAnswer): string {
  return `marketplace → ${activity} → resultCode ${resultCode}, Body-Sign ${signatureHolds ? 'holds' : 'DOES NOT HOLD'}`
}

function offline(verdict: Verdict): string {
  const { license } = verdict
  const dates = license
    ? `; paid until ${date(license.paidUntil)}, works until ${date(license.worksUntil)}`
    : ''
  return `offline, no network: ${verdict.valid ? `valid (${verdict.standing})` : `not valid (${verdict.reason})`}${dates}`
}

function online({ valid, standing, reason, currentCode }: OnlineAnswer): string {
  const newer = currentCode === undefined ? '' : '; a newer code came along'
  return `online, /v1/validate: ${valid ? `valid (${standing})` : `not valid (${reason})`}${newer}`
}

const date = (seconds: number | null): string =>
  seconds === null ? 'for ever' : new Date(seconds * 1000).toISOString().slice(0, 10)
