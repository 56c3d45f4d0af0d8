import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { type ReissueHost, reissueAll } from '../../src/authority/keys/reissue-all.ts'
import { revokeKey } from '../../src/authority/keys/revoke.ts'
import { operate, sellDirectly } from '../../src/authority/operate.ts'
import { MAX_REVISION } from '../../src/domain/license.ts'
import { developmentRootFile } from '../../src/runtime/development-root.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk, withStore } from './desk.ts'

const OPERATOR = { who: 'operator', reason: null }

let desk: Desk
let leaked: string
beforeEach(async () => {
  desk = await openDesk()
  leaked = (await desk.authority.store.keys()).find(({ usage }) => usage === 'codes')!.kid
})
afterEach(() => desk.close())

async function sell(days: number | null = 30): Promise<string> {
  const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false, binding: null }
  const paidUntil = days === null ? null : NOON + days * DAY
  const sale = { ...terms, paidUntil, instance: null, order: null, customer: null }
  const done = await sellDirectly(desk.authority, sale, OPERATOR)
  if (!done.ok) throw new Error(done.no.reason)
  return done.value.license.id
}

async function revoke(): Promise<void> {
  const { store, sealing } = desk.authority
  const root = (await developmentRootFile(desk.config, store, sealing)).open()
  const order = { by: OPERATOR, dryRun: false }
  const done = await revokeKey(desk.authority, { kid: leaked, at: NOON, reason: 'leak' }, root, order)
  if (!done.ok) throw new Error(done.no.reason)
}

const host = (over: Partial<ReissueHost> = {}): ReissueHost => ({
  progress: () => undefined,
  pause: async () => undefined,
  ...over,
})

const run = (authority: Authority = desk.authority, over: Partial<ReissueHost> = {}) =>
  reissueAll(authority, leaked, { who: 'operator:kim', reason: 'leak' }, host(over))

const kidOf = async (id: string) => (await desk.authority.store.newestCode(id))?.kid
const revisionOf = async (id: string) => (await desk.authority.store.byId(id))?.revision

describe('licenses of a leaked key', () => {
  test('all get a code of another key, once, with who did it and why', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, () => sell()))
    await revoke()
    const seen: number[] = []
    const found = await run(desk.authority, { progress: (done) => void seen.push(done) })
    expect(found).toEqual({ reissued: 100, ended: 0, failed: 0, failures: [] })
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    for (const id of ids) {
      expect(await kidOf(id)).not.toBe(leaked)
      expect(await revisionOf(id)).toBe(2)
    }
    const [, last] = await desk.authority.store.history(ids[0]!)
    expect(last).toMatchObject({
      event: { type: 'reissued', leaked: false },
      by: { who: 'operator:kim', reason: 'leak' },
    })
    expect(await run()).toEqual({ reissued: 0, ended: 0, failed: 0, failures: [] })
  })

  test('are signed once each although two officers begin at once', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => sell()))
    await revoke()
    const other = await desk.reopen()
    const both = await Promise.all([run(), run(other.authority)])
    await other.close()
    expect(both.map(({ reissued }) => reissued).reduce((a, b) => a + b)).toBe(60)
    expect(both.every(({ failed }) => failed === 0)).toBe(true)
    for (const id of ids) expect(await revisionOf(id)).toBe(2)
  })

  test('are signed once each although it is interrupted and begun again', async () => {
    const ids = await Promise.all(Array.from({ length: 80 }, () => sell()))
    await revoke()
    let left = 35
    const dying = withStore(desk.authority, {
      commit: async (batch) => {
        if (left-- <= 0) throw new Error('the disk is gone')
        return desk.authority.store.commit(batch)
      },
    })
    await expect(run(dying)).rejects.toThrow('the disk is gone')
    const begun = (await Promise.all(ids.map(revisionOf))).filter((revision) => revision === 2).length
    expect(begun).toBe(35)
    expect(await run()).toMatchObject({ reissued: 45, failed: 0 })
    for (const id of ids) expect(await revisionOf(id)).toBe(2)
  })

  test('get no second code from it when a renewal was first', async () => {
    const id = await sell()
    await revoke()
    let renewed = false
    const racing = withStore(desk.authority, {
      commit: async (batch) => {
        if (!renewed) {
          renewed = true
          const command = { type: 'renew', order: null, paidUntil: NOON + 60 * DAY } as const
          await operate(desk.authority, { id }, command, OPERATOR)
        }
        return desk.authority.store.commit(batch)
      },
    })
    expect(await run(racing)).toMatchObject({ reissued: 0, failed: 0 })
    expect(await revisionOf(id)).toBe(2)
    expect(await kidOf(id)).not.toBe(leaked)
  })

  test('that a running server signed with it a moment later are found too', async () => {
    await sell()
    const { store } = desk.authority
    const [keys, chain] = [await store.keys(), await store.manifests()]
    await revoke()
    const stale = withStore(desk.authority, { keys: async () => keys, manifests: async () => chain })
    const { createConfiguration } = await import('../../src/authority/configuration.ts')
    const none = { all: () => new Set<string>(), add: () => undefined, withdraw: () => undefined }
    const { crypto, sealing } = desk.authority
    const late = { ...stale, configuration: createConfiguration(stale.store, crypto, sealing, none) }
    const pauses: number[] = []
    const found = await run(desk.authority, {
      pause: async (seconds) => {
        pauses.push(seconds)
        const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false, binding: null }
        const rest = { paidUntil: null, instance: null, order: null, customer: null }
        expect(await sellDirectly(late, { ...terms, ...rest }, OPERATOR)).toMatchObject({ ok: true })
      },
    })
    expect(pauses).toEqual([3])
    expect(found).toMatchObject({ reissued: 2, failed: 0 })
    expect(await store.countOfKey(leaked)).toBe(0)
  })

  test('whose paid time is over get none: it could not be issued', async () => {
    const [ended, good] = [await sell(1), await sell()]
    await revoke()
    desk.clock.time += 2 * DAY
    expect(await run()).toEqual({ reissued: 1, ended: 1, failed: 0, failures: [] })
    expect(await revisionOf(ended)).toBe(1)
    expect(await revisionOf(good)).toBe(2)
  })

  test('that nobody may sign are named, and do not stop the others', async () => {
    const [full, good] = [await sell(), await sell()]
    const { store } = desk.authority
    await revoke()
    const license = (await store.byId(full))!
    const spent = withStore(desk.authority, {
      licensesOfKey: async (...given) =>
        (await store.licensesOfKey(...given)).map((one) =>
          one.id === full ? { ...license, revision: MAX_REVISION } : one,
        ),
    })
    expect(await run(spent)).toEqual({
      reissued: 1,
      ended: 0,
      failed: 1,
      failures: [{ id: full, why: 'revisions_exhausted' }],
    })
    expect(await kidOf(good)).not.toBe(leaked)
  })

  test('are left alone while no key can sign, and all are named', async () => {
    const ids = await Promise.all([sell(), sell(), sell()])
    await revoke()
    const mute = withStore(desk.authority, {
      keys: async () => (await desk.authority.store.keys()).filter(({ usage }) => usage !== 'codes'),
    })
    const { createConfiguration } = await import('../../src/authority/configuration.ts')
    const { crypto, sealing, retiredKeys } = desk.authority
    const configuration = createConfiguration(mute.store, crypto, sealing, retiredKeys)
    const found = await run({ ...mute, configuration })
    expect(found).toMatchObject({ reissued: 0, failed: 3 })
    expect(found.failures.map(({ id }) => id)).toEqual([...ids].sort())
    for (const id of ids) expect(await revisionOf(id)).toBe(1)
  })

  test('that are frozen wait for their reinstatement, which brings a code of the new key', async () => {
    const id = await sell()
    await operate(desk.authority, { id }, { type: 'freeze', cause: 'operator' }, OPERATOR)
    await revoke()
    expect(await run()).toMatchObject({ reissued: 0, failed: 0 })
    expect(await kidOf(id)).toBe(leaked)
    await operate(desk.authority, { id }, { type: 'reinstate' }, OPERATOR)
    expect(await kidOf(id)).not.toBe(leaked)
  })

  test('stay shut for the holder of a leaked code', async () => {
    const id = await sell()
    const { store } = desk.authority
    const text = (await operate(desk.authority, { id }, { type: 'reissue', leaked: false }, OPERATOR)) as {
      value: { text: string }
    }
    await operate(desk.authority, { id }, { type: 'reissue', leaked: true }, OPERATOR)
    await revoke()
    expect(await run()).toMatchObject({ reissued: 1 })
    expect(await desk.ask(text.value.text)).toMatchObject({ valid: false, reason: 'key_revoked' })
    expect(await desk.newest(text.value.text)).toBeUndefined()
    expect((await store.byId(id))!.handOverFloor).toBe(3)
  })
})
