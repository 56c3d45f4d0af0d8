import type { QueuedCall } from './calls.ts'
import type { OutgoingType } from './port.ts'

/** Calls of a lane in each turn: more where a buyer waits. */
const SHARE: { readonly [T in OutgoingType]: number } = {
  query_order: 4,
  upload_license: 4,
  activate_code: 4,
  activate_codes: 4,
  query_code: 1,
  report_software_usage: 1,
  push_usage: 1,
}

export interface LaneOfCalls {
  readonly name: string
  readonly calls: readonly QueuedCall[]
}

/** Calls in their order by lanes, those first for which a buyer waits. */
export function lanesOf(calls: readonly QueuedCall[]): readonly LaneOfCalls[] {
  const lanes = Map.groupBy(calls, ({ channel, type }) => `${type} ${channel}`)
  const share = ([first]: readonly QueuedCall[]) => SHARE[first!.type]
  return [...lanes]
    .map(([name, calls]) => ({ name, calls }))
    .sort((one, other) => share(other.calls) - share(one.calls))
}

/** At most `most` of the calls: the lanes take turns, in their order, until there are so many. */
export function inTurns(lanes: readonly LaneOfCalls[], most: number): readonly LaneOfCalls[] {
  const taken = lanes.map(() => 0)
  let left = most
  const turn = () => {
    for (const [place, { calls }] of lanes.entries()) {
      const next = Math.min(SHARE[calls[0]!.type], calls.length - taken[place]!, left)
      taken[place]! += next
      left -= next
    }
  }
  for (let before = -1; left > 0 && left !== before; ) {
    before = left
    turn()
  }
  return lanes
    .map(({ name, calls }, place) => ({ name, calls: calls.slice(0, taken[place]) }))
    .filter(({ calls }) => calls.length > 0)
}
