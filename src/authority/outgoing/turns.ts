import type { QueuedCall } from './calls.ts'
import type { OutgoingType } from './port.ts'

/** Calls of a lane in each turn after the first: more where a buyer waits. */
const SHARE: { readonly [T in OutgoingType]: number } = {
  query_order: 4,
  upload_license: 4,
  activate_code: 4,
  activate_codes: 4,
  query_code: 1,
  report_software_usage: 1,
  push_usage: 1,
}

export const OUTGOING_TYPES = Object.keys(SHARE) as readonly OutgoingType[]

export const laneName = (channel: string, type: OutgoingType): string => `${type} ${channel}`

export interface LaneOfCalls {
  readonly name: string
  /** How many it could begin now: one that is silent makes one at a time. */
  readonly room: number
  readonly calls: readonly QueuedCall[]
}

/** Calls in their order by lanes, those first for which a buyer waits. */
export function lanesOf(
  calls: readonly QueuedCall[],
  roomOf: (name: string) => number,
): readonly LaneOfCalls[] {
  const lanes = Map.groupBy(calls, ({ channel, type }) => laneName(channel, type))
  const share = ([first]: readonly QueuedCall[]) => SHARE[first!.type]
  return [...lanes]
    .map(([name, calls]) => ({ name, room: roomOf(name), calls }))
    .sort((one, other) => share(other.calls) - share(one.calls))
}

/**
 * At most `most` of the calls: the lanes take turns, in their order, until there are so many. The first turn gives each
 * one place, so that none goes without while there are more places than lanes; the further ones give shares.
 */
export function inTurns(lanes: readonly LaneOfCalls[], most: number): readonly LaneOfCalls[] {
  const taken = lanes.map(() => 0)
  let left = most
  const turn = (isFirst: boolean) => {
    for (const [place, { calls, room }] of lanes.entries()) {
      const share = isFirst ? 1 : Math.min(SHARE[calls[0]!.type], room)
      const next = Math.min(share, calls.length - taken[place]!, left)
      taken[place]! += next
      left -= next
    }
  }
  for (let before = -1; left > 0 && left !== before; ) {
    const isFirst = before === -1
    before = left
    turn(isFirst)
  }
  return lanes
    .map((lane, place) => ({ ...lane, calls: lane.calls.slice(0, taken[place]) }))
    .filter(({ calls }) => calls.length > 0)
}
