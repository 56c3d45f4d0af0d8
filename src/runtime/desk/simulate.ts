import { createInterface } from 'node:readline'
import { Unreadable } from '../../cli/shell.ts'
import type { SimulateOrder } from '../../cli/simulating.ts'
import { nodeCrypto } from '../../crypto/node.ts'
import { huaweiCaller } from '../../marketplace/huawei/caller.ts'
import { huaweiKitCaller } from '../../marketplace/huawei/caller-kit.ts'
import { type Command, HELP, readCommand } from '../../marketplace/huawei/desk/commands.ts'
import { type Desk, openDesk } from '../../marketplace/huawei/desk/desk.ts'
import type { DeskEvent } from '../../marketplace/huawei/desk/event.ts'
import { FAMILY_NAMES, type FamilyName } from '../../marketplace/huawei/desk/market.ts'
import { textOf } from '../../marketplace/huawei/desk/report.ts'
import { httpLine } from './line.ts'
import { serveOpenApis } from './open-api-server.ts'

const DAY_MS = 86_400_000

export interface Streams {
  out(text: string): void
  err(text: string): void
  /** Lines are read from it where it is a terminal. */
  readonly input: NodeJS.ReadStream
  nowMs(): number
}

/**
 * `licet marketplace simulate`: plays a marketplace before a seller's server until its script, its tour and its days are over, or the
 * person at the console has enough. Answers with the exit code: 1 when something is held against the seller. Throws
 * `Unreadable` for an order that cannot be played, `CannotStart` when the open APIs cannot listen.
 */
export async function simulate(order: SimulateOrder, streams: Streams): Promise<number> {
  const families = familiesOf(order)
  const script = order.script && commandsOf(order.script)
  const events: DeskEvent[] = []
  const say = (text: string) => (order.json ? streams.err : streams.out)(`${text}\n`)
  const tell = (event: DeskEvent) => {
    events.push(event)
    const text = textOf(event)
    if (text !== null) say(text)
  }
  const stopping = new AbortController()
  const desk = deskOf(order, families, streams, tell, stopping.signal)
  const server = order.credentials && (await serveOpenApis(order.listen, desk.openApi))
  const days = passing(desk, stopping.signal)
  try {
    say(greeting(order, server?.url ?? null))
    await play(desk, script ?? families.map((family): Command => ({ type: 'tour', family })), say)
    if (order.days !== null) await desk.perform({ type: 'wait', days: order.days })
    else if (script === null && streams.input.isTTY) await converse(desk, streams.input, say)
    await desk.settle()
  } finally {
    stopping.abort()
    await days
    await server?.close()
  }
  await desk.perform({ type: 'status' })
  const opinion = desk.opinion()
  if (order.json)
    streams.out(`${JSON.stringify({ opinion, calls: desk.calls(), events: events.map(shown) }, null, 2)}\n`)
  return opinion.findings.length === 0 ? 0 : 1
}

function familiesOf({ kind, families }: SimulateOrder): readonly FamilyName[] {
  if (kind !== 'huawei')
    throw new Unreadable(`There is no simulation of a marketplace of kind "${kind}"; known: huawei.`)
  const odd = families.find((name) => !FAMILY_NAMES.some((known) => known === name))
  if (odd === undefined) return families as readonly FamilyName[]
  throw new Unreadable(`There is no family "${odd}"; known: ${FAMILY_NAMES.join(', ')}.`)
}

function commandsOf(lines: readonly string[]): readonly Command[] {
  return lines.flatMap((line, at) => {
    const read = readCommand(line)
    if (!read.ok) throw new Unreadable(`Line ${at + 1} of the script: ${read.no}.`)
    return read.value ?? []
  })
}

function deskOf(
  { address, accessKey, kitAccessKey, credentials, dayMs, product }: SimulateOrder,
  families: readonly FamilyName[],
  { nowMs }: Streams,
  tell: (event: DeskEvent) => void,
  stopping: AbortSignal,
): Desk {
  const compression = DAY_MS / dayMs
  const opened = nowMs()
  return openDesk({
    crypto: nodeCrypto,
    line: httpLine({ compression, nowMs, stopping }),
    callers: {
      base: huaweiCaller(nodeCrypto, address, accessKey),
      kit: kitAccessKey === null ? null : huaweiKitCaller(nodeCrypto, address, kitAccessKey),
    },
    gate: { credentials: credentials ?? { accessKeyId: '', secret: '' }, accessKey },
    ...{ families, product, tell, origin: new URL(address).origin },
    marketMs: () => opened + (nowMs() - opened) * compression,
  })
}

/** Days pass whatever else goes on. */
async function passing(desk: Desk, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) await desk.passDay().catch(unlessStopping(stopping))
}

const unlessStopping = (stopping: AbortSignal) => (thrown: unknown) => {
  if (!stopping.aborted) throw thrown
}

function greeting({ address, dayMs, accessKey }: SimulateOrder, openApis: string | null): string {
  const lines = [
    `A marketplace calls ${address}, with an access key of ${accessKey.length} characters; its day lasts ${dayMs / 1000} s.`,
    openApis === null
      ? 'Its open APIs are not served (--credentials-file): no order can be asked for, and no license uploaded.'
      : `Its open APIs are at ${openApis}:\n  npx licet channel set-open-api NAME --credentials-file FILE --site ${openApis}`,
  ]
  return lines.join('\n')
}

async function play(desk: Desk, commands: readonly Command[], say: (text: string) => void): Promise<void> {
  for (const command of commands) {
    if (command.type === 'quit') return
    if (command.type === 'help') say(HELP)
    else await desk.perform(command)
  }
}

/** Until `quit` or the end of the input. What takes long goes on while the next line is read. */
async function converse(desk: Desk, input: NodeJS.ReadStream, say: (text: string) => void): Promise<void> {
  say('\nThe desk is yours: "help" names what can happen, "quit" ends it.')
  const lines = createInterface({ input })
  for await (const line of lines) {
    const read = readCommand(line)
    if (!read.ok) say(`! ${read.no}`)
    else if (read.value?.type === 'quit') break
    else if (read.value !== null) void play(desk, [read.value], say).catch(() => undefined)
  }
  lines.close()
}

/** An event for programs: neither what signs a call nor a license text, which whoever has it may use. */
function shown(event: DeskEvent): object {
  if (event.type === 'status')
    return { ...event, resources: event.resources.map(({ license: _, ...resource }) => resource) }
  if (event.type !== 'call') return event
  const { attempt, ...rest } = event
  const { status, resultCode, instanceId, tookMs, failure } = attempt
  return { ...rest, status, resultCode, instanceId, tookMs, failure }
}
