import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '../../src/authority/host.ts'
import type { Store } from '../../src/authority/ports.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { createOperatorDoor } from '../../src/http/operator.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import type { D1Binding } from '../../src/store/d1/engine.ts'
import { openD1 } from '../../src/store/d1/open.ts'
import { openRemote, remotePublicUrl } from '../../src/store/d1/remote.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { batches } from './contract/batches.ts'
import { keys } from './contract/keys.ts'
import { licenses } from './contract/licenses.ts'
import { idOf, purchase } from './contract/samples.ts'

const URL = 'https://licet.example'
const TOKEN = 'operator-token-of-the-tests-000001'
const QUIET: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

let d1: LocalD1
beforeAll(async () => {
  d1 = await startD1()
})
afterAll(() => d1.close())
beforeEach(() => d1.empty())

type Fetch = typeof fetch

/** A Worker's door, without a network between. */
function doorOn(binding: D1Binding, publicUrl: string | null = null): Fetch {
  const { statements } = openD1(binding, { ambient, outlive: () => undefined })
  const door = createOperatorDoor({ ambient, log: QUIET, crypto: nodeCrypto, publicUrl }, statements, TOKEN)
  return (input, init) => door(new Request(input as string, init))
}

const open = (fetch: Fetch = doorOn(d1.binding), token = TOKEN): Promise<Store> =>
  openRemote(URL, { token, fetch, ambient })

describe('the database of a Worker', () => {
  const fresh = async () => ({ store: await open(), beside: () => open() })
  batches(fresh)
  licenses(fresh)
  keys(fresh)
})

describe('what only a move asks for', () => {
  it('is known to a Worker from the first request on', async () => {
    const store = await open()
    expect(await store.moving().isEmpty()).toBe(true)
    await store.commit(purchase(1))
    expect(await (await open()).moving().isEmpty()).toBe(false)
  })
})

const lost = () => Promise.reject(new TypeError('fetch failed'))

/** The network loses the answer of every request that does what is said, or the request itself. */
const losing = (what: 'answer' | 'request', ask: string): Fetch => {
  const door = doorOn(d1.binding)
  return async (input, init) => {
    if (!String(init?.body).startsWith(`{"ask":"${ask}"`)) return door(input, init)
    if (what === 'answer') await door(input, init)
    return lost()
  }
}

describe('a write to a Worker', () => {
  it('whose answer the network lost is committed', async () => {
    const store = await open(losing('answer', 'write'))
    expect(await store.commit(purchase(1))).toBe('committed')
    expect(await (await open()).byId(idOf(1))).not.toBeNull()
  })

  it('whose request the network lost is an outage', async () => {
    const store = await open(losing('request', 'write'))
    await expect(store.commit(purchase(1))).rejects.toMatchObject({ message: expect.stringContaining(URL) })
    expect(await (await open()).byId(idOf(1))).toBeNull()
  })

  it.each([
    {},
    { outcome: 'done' },
    { landed: true },
  ])('is no success when something on the way answers %j in its place', async (answer) => {
    const door = doorOn(d1.binding)
    const store = await open(async (input, init) => {
      const isWrite = String(init?.body).startsWith('{"ask":"write"')
      return isWrite ? new Response(JSON.stringify(answer)) : door(input, init)
    })
    await expect(store.commit(purchase(1))).rejects.toThrow('not as the door of a Worker')
  })

  it('is a conflict for the second of two', async () => {
    const store = await open()
    expect(await store.commit(purchase(1))).toBe('committed')
    expect(await store.commit(purchase(1))).toBe('conflict')
  })
})

const answering =
  (status: number, body: unknown = {}): Fetch =>
  async () =>
    new Response(JSON.stringify(body), { status })

describe('the public URL of a Worker', () => {
  const told = (fetch: Fetch, token = TOKEN) => remotePublicUrl({ url: URL, token, fetch })
  const its = 'https://licenses.example.com'

  it('is told to who has the token', async () => {
    expect(await told(doorOn(d1.binding, its))).toBe(its)
    await expect(told(doorOn(d1.binding, its), `${TOKEN}-wrong`)).rejects.toThrow(
      'operator token is not the one',
    )
  })

  it.each([
    ['has none yet', answering(200, { publicUrl: null })],
    ['is of an older Licet', answering(400, { code: 'malformed_request' })],
  ])('is not told by one that %s', async (_, fetch) => {
    expect(await told(fetch)).toBeNull()
  })

  it.each<[string, Fetch, RegExp]>([
    ['that is not reached', lost, /cannot be reached/],
    ['that has no door', answering(404), /has no door for operators/],
    ['that is out', answering(503, { detail: 'Not now.' }), /Not now/],
    ['that says nothing to everything', answering(200), /not as the door of a Worker/],
    ['that tells a number', answering(200, { publicUrl: 1 }), /not as the door of a Worker/],
    [
      'that tells something else',
      answering(200, { publicUrl: 'javascript:1' }),
      /not as the door of a Worker/,
    ],
  ])('%s is no URL', async (_, fetch, said) => {
    await expect(told(fetch)).rejects.toThrow(said)
  })
})

describe('opening the database of a Worker', () => {
  it.each<[string, Fetch, RegExp]>([
    ['that is not reached', lost, /https:\/\/licet\.example cannot be reached: fetch failed/],
    ['that has no door', answering(404), /has no door for operators/],
    ['of another version', answering(409), /versions differ/i],
    ['that is out', answering(503, { detail: 'The D1 database does not answer now.' }), /D1 .* not answer/],
    ['that is something else', answering(502, '<html>'), /HTTP status 502/],
    ['that says yes to everything', async () => new Response('ok'), /not as the door of a Worker/],
    ['that says nothing to everything', answering(200), /not as the door of a Worker/],
  ])('%s is refused with a sentence', async (_, fetch, said) => {
    await expect(open(fetch)).rejects.toThrow(said)
  })

  it('is refused with a sentence for another token, which it does not repeat', async () => {
    const opening = open(doorOn(d1.binding), `${TOKEN}-wrong`)
    await expect(opening).rejects.toThrow('The operator token is not the one')
    await expect(opening).rejects.not.toThrow('-wrong')
  })

  it('is refused on a newer schema, whenever the isolate began that serves it', async () => {
    const before = doorOn(d1.binding)
    await open(before)
    await d1.binding.batch([
      d1.binding.prepare(`update settings set value = '${SCHEMA_VERSION + 1}' where name = 'schema_version'`),
      d1.binding.prepare(`insert into settings (name, value) values ('oldest_program', '${SCHEMA_VERSION}')`),
    ])
    const refused = { code: 'newer_schema', message: expect.stringContaining('use a newer Licet') }
    for (const door of [before, doorOn(d1.binding)]) await expect(open(door)).rejects.toMatchObject(refused)
  })

  it('is refused with what to run where there are no tables', async () => {
    const empty = await startD1('')
    try {
      await expect(open(doorOn(empty.binding))).rejects.toThrow('wrangler d1 migrations apply')
    } finally {
      await empty.close()
    }
  })
})
