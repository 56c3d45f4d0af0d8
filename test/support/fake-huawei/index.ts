import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import {
  type CodeRelease,
  type CodeRenewal,
  type CodeStatus,
  type End,
  type HuaweiCall,
  type HuaweiCaller,
  huaweiCaller,
  type Instance,
  type InstanceChange,
  type InstanceRenewal,
  type InstanceStatus,
  type Moment,
  type OrderLine,
  type Purchase,
  type Renewal,
} from '../../../src/marketplace/huawei/caller.ts'
import { SCHEDULE, type Schedule } from './schedule.ts'
import { type Attempt, send } from './send.ts'

export interface FakeHuaweiOptions {
  /** The production address the seller entered, e.g. `http://127.0.0.1:8787/callbacks/huawei`. */
  readonly address: string
  readonly accessKey: string
  /** 1 waits as long as the marketplace; 3,600,000 makes an hour one millisecond. */
  readonly timeCompression: number
  /** The marketplace's clock, Unix milliseconds. */
  readonly nowMs?: () => number
}

/** What came of one activity: its last attempt decides, as in the seller's console. */
export interface Delivery extends Attempt {
  readonly delivered: boolean
  readonly attempts: readonly Attempt[]
}

/** A small real marketplace: it signs, sends, retries, and checks every answer's signature. */
export interface FakeHuawei {
  readonly caller: HuaweiCaller
  /** Everything sent so far, oldest first. */
  readonly log: readonly Attempt[]
  /** A moment that was never used before. */
  moment(): Moment
  /** One call as it is, without retry; for re-sends of the same bytes and for forgeries. */
  send(call: HuaweiCall): Promise<Attempt>
  getLicense(purchase: Purchase): Promise<Delivery>
  refreshLicense(renewal: Renewal): Promise<Delivery>
  expireLicense(end: End): Promise<Delivery>
  releaseLicense(end: End): Promise<Delivery>
  refreshLicenseCode(renewal: CodeRenewal): Promise<Delivery>
  updateLicenseCodeStatus(change: CodeStatus): Promise<Delivery>
  releaseLicenseCode(release: CodeRelease): Promise<Delivery>
  newInstance(opening: OrderLine): Promise<Delivery>
  refreshInstance(renewal: InstanceRenewal): Promise<Delivery>
  updateInstanceStatus(change: InstanceStatus): Promise<Delivery>
  releaseInstance(release: Instance): Promise<Delivery>
  queryInstance(query: Instance): Promise<Delivery>
  upgradeInstance(upgrade: Instance & OrderLine): Promise<Delivery>
  changeInstanceCheck(check: InstanceChange): Promise<Delivery>
  orderNotify(notice: OrderLine): Promise<Delivery>
}

export function fakeHuawei({
  address,
  accessKey,
  timeCompression,
  nowMs = Date.now,
}: FakeHuaweiOptions): FakeHuawei {
  const caller = huaweiCaller(nodeCrypto, address, accessKey)
  const log: Attempt[] = []
  const moment = (): Moment => ({ nowMs: nowMs(), nonce: randomBytes(16).toString('hex') })

  async function sendLogged(call: HuaweiCall): Promise<Attempt> {
    const attempt = await send(caller, call)
    log.push(attempt)
    return attempt
  }

  /** Every try is signed anew, with a fresh nonce: that is how the marketplace retries. */
  async function deliver(schedule: Schedule, build: (moment: Moment) => HuaweiCall): Promise<Delivery> {
    const attempts = [await sendLogged(build(moment()))]
    while (attempts.at(-1)!.failure !== null && attempts.length <= schedule.retries) {
      await pause(schedule.pauseMs / timeCompression)
      attempts.push(await sendLogged(build(moment())))
    }
    const last = attempts.at(-1)!
    return { ...last, delivered: last.failure === null, attempts }
  }

  return {
    caller,
    log,
    moment,
    send: sendLogged,
    getLicense: (purchase) => deliver(SCHEDULE.purchase, (at) => caller.getLicense(purchase, at)),
    refreshLicense: (renewal) => deliver(SCHEDULE.once, (at) => caller.refreshLicense(renewal, at)),
    expireLicense: (end) => deliver(SCHEDULE.once, (at) => caller.expireLicense(end, at)),
    releaseLicense: (end) => deliver(SCHEDULE.once, (at) => caller.releaseLicense(end, at)),
    refreshLicenseCode: (renewal) => deliver(SCHEDULE.code, (at) => caller.refreshLicenseCode(renewal, at)),
    updateLicenseCodeStatus: (change) =>
      deliver(SCHEDULE.code, (at) => caller.updateLicenseCodeStatus(change, at)),
    releaseLicenseCode: (release) => deliver(SCHEDULE.code, (at) => caller.releaseLicenseCode(release, at)),
    newInstance: (opening) => deliver(SCHEDULE.instance, (at) => caller.newInstance(opening, at)),
    refreshInstance: (renewal) => deliver(SCHEDULE.instance, (at) => caller.refreshInstance(renewal, at)),
    updateInstanceStatus: (change) =>
      deliver(SCHEDULE.instance, (at) => caller.updateInstanceStatus(change, at)),
    releaseInstance: (release) => deliver(SCHEDULE.once, (at) => caller.releaseInstance(release, at)),
    queryInstance: (query) => deliver(SCHEDULE.once, (at) => caller.queryInstance(query, at)),
    upgradeInstance: (upgrade) => deliver(SCHEDULE.order, (at) => caller.upgradeInstance(upgrade, at)),
    changeInstanceCheck: (check) => deliver(SCHEDULE.once, (at) => caller.changeInstanceCheck(check, at)),
    orderNotify: (notice) => deliver(SCHEDULE.order, (at) => caller.orderNotify(notice, at)),
  }
}
