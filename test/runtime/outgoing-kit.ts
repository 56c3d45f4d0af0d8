import { onTestFinished } from 'vitest'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import type { OutgoingCall } from '../../src/authority/outgoing/port.ts'
import { createTransport } from '../../src/runtime/transport.ts'
import { type OpenApi, type OpenApiOptions, openApi } from '../support/fake-huawei/open-api.ts'
import { ACCESS_KEY, openTestInstance, type TestInstance } from '../support/instance.ts'

export const CREDENTIALS = { accessKeyId: 'AKOFTHETESTS', secret: 'canary-secret-key-of-the-tests' }

export const ORDER = {
  orderId: 'CS1',
  orderType: 'NEW',
  createTime: '20261121080910',
  orderLine: [{ orderLineId: 'CS1-1', chargingMode: 'ONE_TIME', productInfo: [{ productId: 'OFFI-BASE' }] }],
}

/** Milliseconds that an answer may take on a machine with other work. */
export const PATIENT = 20_000

/** For those who never answer. */
export const IMPATIENT = 300

/** An instance, and the marketplace that it calls. */
export interface Outside {
  readonly instance: TestInstance
  readonly far: OpenApi
  queue(call: OutgoingCall, key?: string): Promise<string>
  /** One round; a call may take so many milliseconds. */
  deliver(patience?: number): Promise<void>
  /** As many rounds as it takes, up to a moment. */
  deliverFor(seconds: number): Promise<void>
  entry(id: string): ReturnType<TestInstance['authority']['store']['outgoingCall']>
}

export async function outside(over: Partial<OpenApiOptions> = {}): Promise<Outside> {
  const instance = await openTestInstance()
  onTestFinished(() => instance.close())
  const { authority, clock } = instance
  const options = { credentials: CREDENTIALS, accessKey: ACCESS_KEY, nowMs: () => clock.nowMs() }
  const far = await openApi({ ...options, ...over })
  onTestFinished(() => far.close())
  const set = await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: far.url })
  if (!set.ok) throw new Error(set.no.reason)
  const deliver = (patience = PATIENT) => deliverCalls(authority, createTransport({ patience }))
  return {
    instance,
    far,
    async queue(call, key = `key-${call.type}`) {
      const order = newOutgoing(authority, 'huawei', key, call)
      await authority.store.commit({ outgoing: [order] })
      return order.id
    },
    deliver,
    async deliverFor(seconds) {
      const end = clock.time + seconds
      for (; clock.time <= end; clock.time += 1) await deliver()
    },
    entry: (id) => authority.store.outgoingCall(id),
  }
}
