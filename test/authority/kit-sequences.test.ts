import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEntry, syncKit } from '../../src/authority/kit.ts'
import type { KitEntry, KitSync } from '../../src/authority/kit-entry.ts'
import type { Channel } from '../../src/authority/marketplace.ts'
import { NOON } from '../support/instance.ts'
import { type KitDesk, openKitDesk } from './kit-desk.ts'

let desk: KitDesk
let channel: Channel
beforeAll(async () => {
  desk = await openKitDesk()
  channel = (await desk.authority.configuration.current(NOON)).channels.get('huawei')!
})
afterAll(() => desk.close())

/** What the marketplace says, and when. */
interface Event {
  readonly at: number
  readonly replaces?: boolean
  /** Name by key; null: deleted. */
  readonly says: Readonly<Record<string, string | null>>
}

const DEPARTMENTS: Readonly<Record<string, Event>> = {
  adds: { at: 1, says: { a: 'first' } },
  whole: { at: 2, replaces: true, says: { a: 'listed', b: 'listed' } },
  deletes: { at: 4, says: { a: null } },
  wholeAgain: { at: 5, replaces: true, says: { b: 'relisted', c: 'relisted' } },
  addsLate: { at: 6, says: { a: 'again' } },
}

const USERS: Readonly<Record<string, Event>> = {
  adds: { at: 1, says: { zhang: 'first', li: 'first' } },
  modifies: { at: 2, says: { zhang: 'second' } },
  deletes: { at: 3, says: { zhang: null, wang: null } },
  addsAgain: { at: 4, says: { zhang: 'third', wang: 'first' } },
  deletesAll: { at: 5, says: { li: null, zhang: null } },
}

/** One entry, of which the enterprise has the name '' and an application its own. */
const alone = (key: string): Readonly<Record<string, Event>> => ({
  adds: { at: 1, says: { [key]: 'first' } },
  modifies: { at: 2, says: { [key]: 'second' } },
  deletes: { at: 3, says: { [key]: null } },
  addsAgain: { at: 4, says: { [key]: 'third' } },
})

/** The rule, without an order of arrival: of each key, what the newest event that speaks of it says. */
function expected(events: readonly Event[]): Record<string, string> {
  const newestFirst = [...events].sort((a, b) => b.at - a.at)
  const keys = new Set(events.flatMap(({ says }) => Object.keys(says)))
  const last = [...keys].map((key) => {
    const newest = newestFirst.find(({ replaces, says }) => replaces || key in says)!
    return [key, newest.says[key] ?? null] as const
  })
  return Object.fromEntries(last.flatMap(([key, name]) => (name === null ? [] : [[key, name]])))
}

function syncOf(kind: KitSync['kind'], tenant: string, { at, replaces = false, says }: Event): KitSync {
  const entries = Object.entries(says).map(
    ([key, name]): KitEntry => ({ key, facts: name === null ? null : { open: { key, name }, personal: {} } }),
  )
  const sentAt = (NOON + at) * 1000
  return { type: 'kit_sync', test: false, kind, instance: 'i', tenant, sentAt, replaces, entries }
}

/** Every sequence of `letters` of one to `length`, repeats included. */
function sequences(letters: readonly string[], length: number): string[][] {
  const shorter = length === 1 ? [] : sequences(letters, length - 1)
  const ends = length === 1 ? [[]] : shorter.filter((one) => one.length === length - 1)
  return [...shorter, ...ends.flatMap((one) => letters.map((letter) => [...one, letter]))]
}

/** Each sequence happens to an enterprise of its own, all of them at once. */
async function happens(kind: KitSync['kind'], events: Readonly<Record<string, Event>>): Promise<number> {
  const all = sequences(Object.keys(events), 5)
  const { authority } = desk
  await Promise.all(
    all.map(async (sequence, n) => {
      for (const letter of sequence) {
        const { batch } = await syncKit(authority, channel, syncOf(kind, `${n}`, events[letter]!))
        expect(await authority.store.commit(batch)).toBe('committed')
      }
    }),
  )
  const found = new Map(all.map((_, n) => [`${n}`, {} as Record<string, string>]))
  for (const { tenant, open } of await everything(kind)) found.get(tenant)![open.key!] = open.name!
  for (const [n, sequence] of all.entries())
    expect(found.get(`${n}`), sequence.join(', ')).toEqual(
      expected(sequence.map((letter) => events[letter]!)),
    )
  return all.length
}

async function everything(kind: KitSync['kind']) {
  const { store, sealing } = desk.authority
  const { items } = await store.kitPage('huawei', kind, null, 1_000_000)
  return items.map((entry) => ({ tenant: entry.tenant, open: openEntry(sealing, entry).open }))
}

test('departments end as the newest call says, after every sequence of up to five, repeats included', {
  timeout: 120_000,
}, async () => {
  expect(await happens('department', DEPARTMENTS)).toBe(5 + 5 ** 2 + 5 ** 3 + 5 ** 4 + 5 ** 5)
})

test('so do users, of whom there is no whole list', { timeout: 120_000 }, async () => {
  expect(await happens('user', USERS)).toBe(5 + 5 ** 2 + 5 ** 3 + 5 ** 4 + 5 ** 5)
})

test.each([
  ['tenant', ''],
  ['application', 'app-1'],
] as const)('so does the one entry of kind %s', { timeout: 120_000 }, async (kind, key) => {
  expect(await happens(kind, alone(key))).toBe(4 + 4 ** 2 + 4 ** 3 + 4 ** 4 + 4 ** 5)
})
