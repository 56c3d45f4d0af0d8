import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { createLog, openInstance, readConfig } from '../../src/runtime/node.ts'
import { createTransport } from '../../src/runtime/transport.ts'

/** A process of its own that makes the calls which are due: LICET_DATA, and the time as its one argument. */
const read = readConfig(process.env)
if (!read.ok) throw new Error(read.faults.join(' '))
const now = Number(process.argv[2])
const clock = { ...ambient, now: () => now, nowMs: () => now * 1_000 }
const { authority } = await openInstance(read.config, clock, createLog('silent').log)
await deliverCalls(authority, createTransport())
