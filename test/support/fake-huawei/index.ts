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
import { type Attempt, judge } from '../../../src/marketplace/huawei/desk/judge.ts'
import { type Delivery, deliver, momentOf } from '../../../src/marketplace/huawei/desk/line.ts'
import { SCHEDULE, type Schedule } from '../../../src/marketplace/huawei/desk/schedule.ts'
import { httpLine } from '../../../src/runtime/desk/line.ts'

export interface FakeHuaweiOptions {
  /** The production address the seller entered, e.g. `http://127.0.0.1:8787/callbacks/huawei`. */
  readonly address: string
  readonly accessKey: string
  /** 1 waits as long as the marketplace; 3,600,000 makes an hour one millisecond. */
  readonly timeCompression: number
  /** The marketplace's clock, Unix milliseconds. */
  readonly nowMs?: () => number
}

/** The desk's line to a seller, activity by activity: it signs, sends, retries, and judges every answer. */
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
  const stopping = new AbortController().signal
  const line = httpLine({ compression: timeCompression, nowMs, stopping })
  const heard = (attempt: Attempt) => void log.push(attempt)
  const by = (schedule: Schedule, build: (moment: Moment) => HuaweiCall) =>
    deliver(line, caller, schedule, build, {}, heard)

  async function send(call: HuaweiCall): Promise<Attempt> {
    const attempt = judge(caller, call, await line.send(call))
    log.push(attempt)
    return attempt
  }

  return {
    caller,
    log,
    moment: () => momentOf(line),
    send,
    getLicense: (purchase) => by(SCHEDULE.purchase, (at) => caller.getLicense(purchase, at)),
    refreshLicense: (renewal) => by(SCHEDULE.once, (at) => caller.refreshLicense(renewal, at)),
    expireLicense: (end) => by(SCHEDULE.once, (at) => caller.expireLicense(end, at)),
    releaseLicense: (end) => by(SCHEDULE.once, (at) => caller.releaseLicense(end, at)),
    refreshLicenseCode: (renewal) => by(SCHEDULE.code, (at) => caller.refreshLicenseCode(renewal, at)),
    updateLicenseCodeStatus: (change) =>
      by(SCHEDULE.code, (at) => caller.updateLicenseCodeStatus(change, at)),
    releaseLicenseCode: (release) => by(SCHEDULE.code, (at) => caller.releaseLicenseCode(release, at)),
    newInstance: (opening) => by(SCHEDULE.instance, (at) => caller.newInstance(opening, at)),
    refreshInstance: (renewal) => by(SCHEDULE.instance, (at) => caller.refreshInstance(renewal, at)),
    updateInstanceStatus: (change) => by(SCHEDULE.instance, (at) => caller.updateInstanceStatus(change, at)),
    releaseInstance: (release) => by(SCHEDULE.once, (at) => caller.releaseInstance(release, at)),
    queryInstance: (query) => by(SCHEDULE.once, (at) => caller.queryInstance(query, at)),
    upgradeInstance: (upgrade) => by(SCHEDULE.order, (at) => caller.upgradeInstance(upgrade, at)),
    changeInstanceCheck: (check) => by(SCHEDULE.once, (at) => caller.changeInstanceCheck(check, at)),
    orderNotify: (notice) => by(SCHEDULE.order, (at) => caller.orderNotify(notice, at)),
  }
}
