import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { createTransport } from '../../src/runtime/transport.ts'
import { dueCalls } from '../support/due-calls.ts'
import { json, openApi } from '../support/fake-huawei/open-api.ts'
import { DAY, START, type Stage } from './stage.ts'

interface Check {
  readonly check: string
  readonly status: string
  readonly says: string
}

export async function examined(
  here: Stage,
): Promise<{ exit: number; status: string; of(check: string): Check }> {
  const ran = await here.licet('doctor', '--json')
  const { status, checks } = ran.json() as { status: string; checks: Check[] }
  const of = (check: string) => checks.find((one) => one.check.startsWith(check))!
  return { exit: ran.exit, status, of }
}

export async function called(
  here: Stage,
  error: string | null,
  state: 'waiting' | 'dead' = 'waiting',
): Promise<void> {
  await given(here)
  await proven(here)
  if (error !== null) await failing(here, error, state)
}

export async function given({ files, licet }: Stage): Promise<void> {
  files.set('ak-sk.txt', 'AK\nSK\n')
  await licet('channel', 'set-open-api', 'huawei', '--credentials-file', 'ak-sk.txt')
}

/** The proof of the credentials is made, as a running server would; `says` is the marketplace's answer. */
export const proven = ({ inside }: Stage, says = json(200, { resultCode: '91380001' })) =>
  inside(async (authority) => {
    const far = await openApi({
      credentials: { accessKeyId: 'AK', secret: 'SK' },
      accessKey: 'the-first-access-key',
      nowMs: authority.ambient.nowMs,
    })
    // Both addresses of the site say so, where the first is not understood.
    far.next(says, says)
    const transport = createTransport({ patience: 20_000 })
    const leading: Transport = {
      send: (request, stopping) =>
        transport.send({ ...request, url: far.url + new URL(request.url).pathname }, stopping),
    }
    await deliverCalls(authority, leading).finally(() => far.close())
    return far.received.length
  })

export const failing = ({ inside }: Stage, error: string, state: 'waiting' | 'dead', at = START) =>
  inside(async (authority) => {
    const { store } = authority
    const call = newOutgoing(authority, 'huawei', 'k', { type: 'query_code', code: 'PL1' })
    await store.commit({ outgoing: [call] })
    const due = (await dueCalls(store, START + DAY, 9)).find(({ key }) => key === 'k')!
    const claimed = (await store.claimCall(due, START + 60))!
    const { id, attempts } = claimed
    if (state === 'waiting') return store.postponeCall(claimed, START + 90, error, at)
    await store.commit({ ending: { id, attempts, state, error, at } })
  })
