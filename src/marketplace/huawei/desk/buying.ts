import { FAMILIES } from './families.ts'
import type { Named } from './family.ts'
import { cannot, familyOf, refuse } from './happenings.ts'
import { textIn } from './judge.ts'
import type { Delivery } from './line.ts'
import type { FamilyName, Resource } from './market.ts'
import { call, MONTH_MS, newOrder, type Office, put, wordOf } from './office.ts'
import { opinionOf } from './opinion.ts'

const TRIAL_MS = 7 * 86_400_000
const CODE_LENGTH = 30

/** A buyer pays. Nobody can where trading was stopped. */
export async function sell(office: Office, name: FamilyName, trial: boolean): Promise<void> {
  const { market, marketMs, product } = office
  if (opinionOf(market).standing !== 'on_sale')
    return refuse(office, 'Nobody can buy: the marketplace has stopped the trading of this product.')
  const family = FAMILIES[name]
  const expiresMs = marketMs() + (trial ? TRIAL_MS : MONTH_MS)
  const purchase = newOrder(office, trial ? 'TRIAL' : 'NEW', expiresMs, product)
  const bought: Resource = {
    ...{ number: market.resources.size + 1, family: name, purchase, id: codeFor(office, name, purchase.id) },
    ...{ state: 'waiting', paidUntilMs: expiresMs, product, trial, renewals: [], license: null },
  }
  put(office, bought)
  const refunded = family.givenUp === 'refunded'
  for (const [at, step] of family.sell(bought).entries()) {
    const isOrder = at === 0 && name !== 'license-2'
    const about = { resource: bought.number, isOrder, refunded: isOrder && refunded }
    const delivered = await call(office, step, about, (delivery) => {
      if (at === 0) put(office, opened(bought, delivery))
    })
    if (delivered || !isOrder) continue
    if (refunded) put(office, { ...bought, state: 'refunded' })
    return
  }
}

/** License 2.0 alone: the code is there before the seller hears of it. */
function codeFor(office: Office, name: FamilyName, orderId: string): string | null {
  if (name !== 'license-2') return null
  const { productId, quantity } = office.product
  const code = `PL${wordOf(office, CODE_LENGTH)}`
  const facts = { expireTime: null, productId, orderId, amount: quantity, activateTime: null }
  office.market.codes.set(code, { status: 'ALIVE', ...facts })
  office.tell({ type: 'note', text: `the buyer's code is ${code}` })
  return code
}

const opened = (bought: Resource, { instanceId, license }: Delivery): Resource => ({
  ...{ ...bought, state: 'active', id: instanceId ?? bought.id, license },
})

/** The purchase comes once more, as after a lost answer: what is answered must be the same (reference 3.12). */
export async function repeat(office: Office, resource: Named): Promise<void> {
  const [step] = familyOf(resource).sell(resource)
  const about = { resource: resource.number, isOrder: false, refunded: false }
  await call(office, step!, about, ({ instanceId, license, members }) => {
    const differs = (mine: string | null, now: string | null) => mine !== null && now !== null && mine !== now
    const isOther = differs(resource.license, license)
      ? 'license'
      : differs(resource.id, instanceId)
        ? 'instance'
        : null
    if (isOther === null || textIn(members, 'resultCode') !== '000000') return
    const says = `order ${resource.purchase.id} got another ${isOther} when it was sent again`
    office.market.contradictions.push({ says, page: 'zh-cn_topic_0070649282, 0000001353181669' })
    office.tell({ type: 'note', text: says })
  })
}

/** A device applies for an online license; the seller has some seconds to upload it. */
export async function apply(office: Office, resource: Named, device: string | null): Promise<void> {
  const { apply: steps } = familyOf(resource)
  if (steps === null) return cannot(office, resource, 'apply for a license')
  const { market, marketMs, tell } = office
  const event = `EV${wordOf(office, 20)}`
  const atMs = marketMs()
  market.applications.set(event, { event, resource: resource.number, device, atMs })
  const about = { resource: resource.number, isOrder: false, refunded: false }
  const applied = { event, device, fromMs: atMs, untilMs: resource.paidUntilMs }
  for (const step of steps(resource, applied)) if (!(await call(office, step, about))) return
  await patiently(office, () => market.uploads.has(event))
  const text = market.uploads.get(event)
  if (text === undefined)
    return tell({ type: 'note', text: `no license was uploaded for event ${event} so far` })
  put(office, { ...market.resources.get(resource.number)!, license: text })
  tell({
    type: 'note',
    text: `the license of event ${event}: ${text.length} characters, ${text.slice(0, 40)}…`,
  })
}

/** The buyer opens the resource: asked until there is something to show. */
export async function show(office: Office, resource: Named): Promise<void> {
  const { show: steps } = familyOf(resource)
  if (steps === null) return cannot(office, resource, 'show it')
  const about = { resource: resource.number, isOrder: false, refunded: false }
  let shown: string | null = null
  await patiently(office, async () => {
    let went = true
    for (const step of steps(resource))
      went = await call(office, step, about, ({ members }) => {
        const { info, appInfo } = members
        const seen = Array.isArray(info)
          ? info.find((one) => one?.instanceId === resource.id)?.appInfo
          : appInfo
        shown = seen === undefined ? null : JSON.stringify(seen, shortened)
      })
    return !went || shown !== null
  })
  office.tell({
    type: 'note',
    text: shown === null ? 'the buyer sees nothing of it yet' : `the buyer sees ${shown}`,
  })
}

/** A license text is long. */
const shortened = (_: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value

const LONGEST_SHOWN = 60

const PATIENCE_MS = 15_000
const STEP_MS = 1_000

/** Asks again for a while, by the wall: the seller's own queue takes a second or two. */
export async function patiently({ line }: Office, isDone: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await isDone()) && waited < PATIENCE_MS; waited += STEP_MS) await line.rest(STEP_MS)
}
