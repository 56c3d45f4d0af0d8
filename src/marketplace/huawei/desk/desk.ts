import { activate } from './activating.ts'
import { apply, patiently, repeat, sell, show } from './buying.ts'
import type { Command, Failure, OnResource } from './commands.ts'
import type { Named } from './family.ts'
import { change, PLAIN, refuse, synchronise, upgrade } from './happenings.ts'
import { newMarket } from './market.ts'
import { marketBooks } from './market-books.ts'
import { type DeskOptions, type Office, restart } from './office.ts'
import type { Answered } from './open-api/books.ts'
import type { Arrived } from './open-api/sdk-check.ts'
import { serveOpenApi, signatureFault, unauthorized } from './open-api/serve.ts'
import { type Opinion, opinionOf, unsettled } from './opinion.ts'
import { passDay, probe } from './probing.ts'
import { tourOf } from './tour.ts'

/**
 * A marketplace on the seller's desk: it sells, calls, retries, probes, judges, and answers at its open APIs. No I/O of
 * its own: the line, the clock and the server of the open APIs are given.
 */
export interface Desk {
  /** Lets something happen; ends when its calls are delivered or given up. Never throws. */
  perform(command: Command): Promise<void>
  /** Ends when a day of the marketplace is over, its two probes included. */
  passDay(): Promise<void>
  /** Gives the seller some seconds, by the wall, to ask about every order and to upload what was applied for. */
  settle(): Promise<void>
  /** What an open API answers, or the way in which it fails. */
  openApi(arrived: Arrived): Promise<Answered | Failure>
  opinion(): Opinion
  /** Callbacks made, those that failed among them, and records of usage that came. */
  calls(): Readonly<{ made: number; failed: number; usageRecords: number }>
}

export function openDesk(options: DeskOptions): Desk {
  const office: Office = { ...options, market: newMarket(), failures: [], waiting: [], waiters: [] }
  const { market } = office
  return {
    perform: (command) => perform(office, command),
    passDay: () => passDay(office),
    settle: () => patiently(office, () => unsettled(market).length === 0),
    openApi: (arrived) => answer(office, arrived),
    opinion: () => opinionOf(market),
    calls: () => ({ ...market.calls }),
  }
}

async function perform(office: Office, command: Command): Promise<void> {
  const { market, families, tell } = office
  switch (command.type) {
    case 'sell':
      return sell(office, command.family ?? families[0]!, command.trial)
    case 'upgrade':
    case 'change': {
      const happens = command.type === 'upgrade' ? upgrade : change
      return on(office, command.resource, (resource) => happens(office, resource, command.quantity))
    }
    case 'apply':
      return on(office, command.resource, (resource) => apply(office, resource, command.device))
    case 'probe':
      return probe(office, 'now')
    case 'restart':
      return restart(office)
    case 'wait':
      for (let days = 0; days < command.days; days++)
        await new Promise<void>((resolve) => office.waiters.push(resolve))
      return
    case 'fail':
      for (let count = 0; count < command.count; count++) office.failures.push(command.how)
      return
    case 'tour':
      for (const next of tourOf(
        command.family ?? families[0]!,
        market.resources.size + 1,
        office.callers.kit !== null,
      ))
        await perform(office, next)
      return
    case 'status':
      return tell({
        type: 'status',
        resources: [...market.resources.values()],
        opinion: opinionOf(market),
      })
    case 'help':
    case 'quit':
      // Of whoever reads the commands.
      return
    default:
      return on(office, command.resource, (resource) => onResource(office, command.type, resource))
  }
}

async function on(office: Office, number: number, work: (resource: Named) => Promise<void>): Promise<void> {
  const resource = office.market.resources.get(number)
  if (resource === undefined) return refuse(office, `Nothing of the number ${number} was bought.`)
  const { id, state } = resource
  if (id === null) return refuse(office, `#${number} was not delivered: no call can name it.`)
  if (state === 'released' || state === 'refunded') return refuse(office, `#${number} is ${state}.`)
  return work({ ...resource, id })
}

function onResource(office: Office, type: OnResource, resource: Named): Promise<void> {
  if (type === 'show') return show(office, resource)
  if (type === 'repeat') return repeat(office, resource)
  if (type === 'activate') return activate(office, resource)
  if (type === 'kit') return synchronise(office, resource)
  return PLAIN[type](office, resource)
}

async function answer(office: Office, arrived: Arrived): Promise<Answered | Failure> {
  const { crypto, gate, market, product, marketMs, line, tell } = office
  const { method, target } = arrived
  const failure = office.failures.shift()
  if (failure !== undefined) {
    tell({ type: 'open_api', method, target, status: null, code: `failing as asked: ${nameOf(failure)}` })
    return failure
  }
  const fault = signatureFault(crypto, arrived, gate, line.nowMs())
  const books = marketBooks(market, product, marketMs)
  const answered = fault === null ? await serveOpenApi(crypto, books, arrived) : unauthorized(arrived, fault)
  const { error_code, resultCode } = answered.json as { error_code?: string; resultCode?: string }
  const code = `${error_code ?? resultCode}${fault === null ? '' : ` (${fault})`}`
  tell({ type: 'open_api', method, target, status: answered.status, code })
  return answered
}

const nameOf = (failure: Failure): string =>
  failure.type === 'status' ? `${failure.status}` : failure.type === 'code' ? failure.code : failure.type
