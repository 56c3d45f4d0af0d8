import type { HuaweiCall, Members } from '../caller.ts'
import type { Callers, Family, Stage } from './scene.ts'

/** How the first case of a family is sent otherwise. */
export interface Change {
  readonly callers?: Callers
  readonly agoMs?: number
  readonly fields?: (fields: Members) => Members
}

export function leadCall({ cases: [lead], call }: Family, stage: Stage, change: Change = {}): HuaweiCall {
  const moment = stage.moment(change.agoMs)
  const fields = lead.fields(stage.props, moment)
  return call(change.callers ?? stage.callers, change.fields?.(fields) ?? fields, moment, lead.to ?? '')
}
