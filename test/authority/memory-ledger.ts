import type { ApplicationKey, LicenseApplication } from '../../src/authority/applications.ts'
import type { Authority } from '../../src/authority/authority.ts'
import type { NewDeviceCode } from '../../src/authority/device-codes.ts'
import type { LedgerOrder, OrderNote } from '../../src/authority/orders.ts'
import { openOutgoing } from '../../src/authority/outgoing/new-call.ts'
import type { OutgoingCall } from '../../src/authority/outgoing/port.ts'
import type { Batch, Store } from '../../src/authority/ports.ts'
import type { License } from '../../src/domain/license.ts'

/** All that a family's calls leave behind. It is never altered: a step makes another. */
export interface World {
  readonly license: License | null
  readonly orders: ReadonlyMap<string, LedgerOrder>
  /** Calls to the marketplace by their occasion; each is made once. */
  readonly calls: ReadonlyMap<string, { readonly call: OutgoingCall; readonly done: boolean }>
  readonly applications: ReadonlyMap<string, LicenseApplication>
  readonly deviceCodes: readonly NewDeviceCode[]
}

export const NOTHING_YET: World = {
  license: null,
  orders: new Map(),
  calls: new Map(),
  applications: new Map(),
  deviceCodes: [],
}

const nameOf = ({ event, device }: ApplicationKey): string => `${event} ${device}`

const keyOf = ({ id, line }: LedgerOrder['order']): string => `${id} ${line}`

/**
 * An authority on one license in memory, whose worlds can be kept and gone back to: a database could not be walked
 * through tens of thousands of sequences. Signatures are zeroes that count as good; the rules are real.
 */
export function inMemory(real: Authority): { authority: Authority; world: World } {
  const state = { world: NOTHING_YET }
  const orders = () => [...state.world.orders.values()]
  const store: Partial<Store> = {
    byInstance: async (_, instance) =>
      state.world.license?.origin.instance === instance ? state.world.license : null,
    byId: async (id) => (state.world.license?.id === id ? state.world.license : null),
    byOrder: async (_, { id, line }) => {
      const { license } = state.world
      return license?.origin.order?.id === id && license.origin.order.line === line ? license : null
    },
    order: async (_, order) => state.world.orders.get(keyOf(order)) ?? null,
    ordersOf: async (license) => orders().filter((one) => one.license === license),
    waitingOrders: async (after) => (after === null ? orders().filter((one) => one.state === 'waiting') : []),
    application: async (key) => state.world.applications.get(nameOf(key)) ?? null,
    waitingApplications: async (after) =>
      after === null
        ? [...state.world.applications.values()]
            .filter((one) => one.state === 'waiting')
            .sort((a, b) => (a.event < b.event ? -1 : 1))
        : [],
    deviceCode: async (_, digest) => state.world.deviceCodes.find((one) => one.digest === digest) ?? null,
    outgoingCall: async () => null,
    async places(_, device) {
      const devices = new Set(state.world.deviceCodes.map((one) => one.device))
      const isHeld = devices.delete(device)
      const elder = 0
      return { others: devices.size, elder, isHeld, next: state.world.deviceCodes.length + 1 }
    },
    async commit(batch) {
      state.world = after(state.world, batch, real)
      return 'committed'
    },
  }
  const authority: Authority = {
    ...real,
    store: { ...real.store, ...store },
    crypto: { ...real.crypto, verify: () => true },
    configuration: {
      ...real.configuration,
      async current(now) {
        const snapshot = await real.configuration.current(now)
        const open = (kid: string) => ({ ...snapshot.keyring.open(kid), signer: { sign: () => ZEROES } })
        return { ...snapshot, keyring: { ...snapshot.keyring, open } }
      },
    },
  }
  return Object.defineProperty({ authority } as never, 'world', {
    get: () => state.world,
    set: (world: World) => {
      state.world = world
    },
  })
}

const ZEROES = new Uint8Array(64)

function after(world: World, batch: Batch, { sealing }: Authority): World {
  const orders = new Map(world.orders)
  for (const note of batch.notes ?? [])
    orders.set(keyOf(note.order), noted(orders.get(keyOf(note.order)), note))
  const calls = new Map(world.calls)
  for (const order of batch.outgoing ?? [])
    if (!calls.has(order.key)) calls.set(order.key, { call: openOutgoing(sealing, order)!, done: false })
  const applications = new Map(world.applications)
  const { application, deviceCode } = batch
  if (application && applications.get(nameOf(application))?.state !== 'made')
    applications.set(nameOf(application), application)
  const deviceCodes = deviceCode ? [...world.deviceCodes, deviceCode] : world.deviceCodes
  return { license: batch.change?.after ?? world.license, orders, calls, applications, deviceCodes }
}

/** As the contract of the store says it. */
function noted(before: LedgerOrder | undefined, { at, ...note }: OrderNote): LedgerOrder {
  return {
    ...note,
    cause: note.cause === 'notice' ? (before?.cause ?? note.cause) : note.cause,
    state: before?.state === 'applied' ? before.state : note.state,
    license: before?.license ?? note.license,
    learnt: before?.learnt ?? note.learnt,
    learntAt: before?.learntAt ?? (note.learnt && at),
    notedAt: before?.notedAt ?? at,
  }
}
