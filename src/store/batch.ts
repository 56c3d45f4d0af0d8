import type { Batch, ParkedCall } from '../authority/ports.ts'
import type { KeptAnswer } from './answers.ts'
import { noteApplication } from './applications.ts'
import { writeMark } from './callbacks.ts'
import { keepDeviceCode } from './device-codes.ts'
import type { Step } from './engine.ts'
import { kitWrites } from './kit-writes.ts'
import { licenseWrites } from './license-writes.ts'
import { noteCode } from './marketplace-codes.ts'
import { noteOrder } from './order-rows.ts'
import type { QueueAlert } from './outbox.ts'
import { outgoingWrites } from './outgoing-writes.ts'
import { parkingWrites } from './parking.ts'
import type { Queries } from './queries.ts'

/** Turns what a use case wants to commit into statements: the license first, since it is what others wait for. */
export function batchSteps(
  queries: Queries,
  queueAlert: QueueAlert,
  mostValues: number,
): (batch: Batch, answer: KeptAnswer) => Step[] {
  const licenses = licenseWrites(queries)
  const mark = writeMark(queries)
  const { park, unpark } = parkingWrites(queries)
  const outgoing = outgoingWrites(queries)
  const note = noteOrder(queries)
  const changeKit = kitWrites(queries, mostValues)
  const code = noteCode(queries)
  const apply = noteApplication(queries)
  const keepCode = keepDeviceCode(queries)
  // A call waits only while its license is absent: whoever makes the license looks for it afterwards.
  const parkUnlessThere = (call: ParkedCall): Step[] =>
    call.instance === null ? [park(call)] : [licenses.absent(call.channel, call.instance), park(call)]
  return (batch, answer) => [
    ...(batch.change ? licenses.change(batch.change, answer.columns) : []),
    ...(batch.testCode ? [licenses.testCode(batch.testCode)] : []),
    ...answer.steps,
    ...(batch.mark ? [mark(batch.mark, answer.mark)] : []),
    ...(batch.park ? parkUnlessThere(batch.park) : []),
    ...(batch.unpark ?? []).map(unpark),
    ...(batch.alerts ?? []).map(queueAlert),
    ...(batch.outgoing ?? []).map(outgoing.queue),
    ...(batch.notes ?? []).map(note),
    ...(batch.codes ?? []).map(code),
    ...(batch.deviceCode ? [keepCode(batch.deviceCode)] : []),
    ...(batch.application ? [apply(batch.application)] : []),
    ...(batch.kit ? changeKit(batch.kit) : []),
    ...(batch.ending ? [outgoing.end(batch.ending)] : []),
  ]
}
