import { describe, expect, it, onTestFinished } from 'vitest'
import type { Batch, Store } from '../../src/authority/ports.ts'
import { asked, hasPostgres } from '../support/postgres.ts'
import { bought, freshPostgres } from '../support/store-postgres.ts'
import { DAY, freeze, idOf, markOf, NOON, next, renewal, sale, TERMS } from './contract/samples.ts'

/** Notes every statement, not every row, that inserts licenses; the result says how many there were. */
async function countedInserts(url: string): Promise<() => Promise<number>> {
  await asked(
    url,
    `create table counted (at text);
     create function count_insert() returns trigger language plpgsql as $$ begin insert into counted values ('x'); return null; end $$;
     create trigger counting after insert on licenses for each statement execute function count_insert()`,
  )
  onTestFinished(async () => {
    await asked(url, 'drop trigger counting on licenses; drop function count_insert; drop table counted')
  })
  return async () => Number((await asked(url, 'select count(*) as n from counted'))[0]!.n)
}

const outcomesOf = async (store: Store, batches: readonly Batch[]): Promise<readonly unknown[]> =>
  (await Promise.allSettled(batches.map((batch) => store.commit(batch)))).map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : outcome.reason.code,
  )

const THIRTY = Array.from({ length: 30 }, (_, n) => n)

describe.skipIf(!(await hasPostgres()))('purchases of one moment on PostgreSQL', () => {
  it('are inserted by one statement per table', async () => {
    const { store, url } = await freshPostgres()
    const count = await countedInserts(url)
    expect(new Set(await outcomesOf(store, THIRTY.map(bought)))).toEqual(new Set(['committed']))
    expect(await count()).toBe(1)
    for (const n of THIRTY) {
      expect(await store.byId(idOf(n))).toStrictEqual(sale(n).after)
      expect(await store.mark('feedc0de', `signature-${n}`, null)).toStrictEqual(markOf(n))
    }
  })

  it.each<[string, string, (before: Batch) => Batch]>([
    ['has an id that is taken', 'conflict', (batch) => ({ ...batch, change: sale(12, { id: idOf(900) }) })],
    [
      'has an instance that is taken',
      'conflict',
      (batch) => ({ ...batch, change: sale(12, { origin: { instance: idOf(900) } }) }),
    ],
    ['has a mark that is taken', 'conflict', (batch) => ({ ...batch, mark: markOf(900) })],
    [
      'has a nonce that another of them has',
      'conflict',
      (batch) => ({ ...batch, mark: markOf(12, { nonce: 'nonce-3' }) }),
    ],
    [
      'holds U+0000',
      'failed',
      (batch) => ({ ...batch, change: sale(12, { origin: { instance: 'a\u0000b' } }) }),
    ],
    [
      'holds a number that no column can',
      'failed',
      (batch) => ({ ...batch, change: sale(12, { terms: { seats: 2 ** 70 } }) }),
    ],
    ['holds half a number', 'failed', (batch) => ({ ...batch, change: sale(12, { terms: { seats: 0.5 } }) })],
    [
      'breaks a rule of the schema',
      'failed',
      (batch) => ({
        ...batch,
        change: { ...sale(12), after: { ...sale(12).after, status: 'lost' } } as never,
      }),
    ],
  ])('fail no more than the one that %s', async (_what, code, spoil) => {
    const { store } = await freshPostgres()
    await store.commit(bought(900))
    const batches = THIRTY.map((n) => (n === 12 ? spoil(bought(n)) : bought(n)))
    const outcomes = await outcomesOf(store, batches)
    expect(outcomes).toEqual(THIRTY.map((n) => (n === 12 ? code : 'committed')))
    for (const n of THIRTY) expect((await store.byId(idOf(n))) !== null).toBe(n !== 12)
    expect(await store.mark('feedc0de', 'signature-12', null)).toBeNull()
    expect(await store.byId(idOf(900))).toStrictEqual(sale(900).after)
  })

  it('fail where they are to fail, however many that are', async () => {
    const { store } = await freshPostgres()
    await Promise.all(THIRTY.filter((n) => n % 3 === 0).map((n) => store.commit(bought(n))))
    const outcomes = await outcomesOf(store, THIRTY.map(bought))
    expect(outcomes).toEqual(THIRTY.map((n) => (n % 3 === 0 ? 'conflict' : 'committed')))
  })

  it('sell one instance once, though it came ten times', async () => {
    const { store } = await freshPostgres()
    const batches = THIRTY.map((n) => ({
      change: sale(n, { origin: { instance: `i${n % 3}` } }),
      mark: markOf(n),
    }))
    const outcomes = await outcomesOf(store, batches)
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(3)
    expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(27)
    for (const n of THIRTY)
      expect((await store.mark('feedc0de', `signature-${n}`, null)) !== null).toBe(
        outcomes[n] === 'committed',
      )
  })

  it('queue an alert once that all of them have, and note an order line that all of them name', async () => {
    const { store } = await freshPostgres()
    const alert = { kind: 'unknown_instance', key: 'one', detail: {}, at: NOON } as never
    const note = {
      channel: 'huawei',
      order: { id: 'CS', line: 'L' },
      cause: 'notice',
      license: null,
      state: 'asked',
      at: NOON,
      learnt: null,
    } as never
    const batches = THIRTY.map((n) => ({ ...bought(n), alerts: [alert], notes: n < 20 ? [note] : [] }))
    expect(new Set(await outcomesOf(store, batches))).toEqual(new Set(['committed']))
    expect(await store.dueAlerts(NOON, 100)).toHaveLength(1)
  })

  it('share a transaction with renewals, of which one came too late', async () => {
    const { store } = await freshPostgres()
    const sold = THIRTY.map((n) => sale(100 + n))
    for (const change of sold) await store.commit({ change })
    await store.commit({ change: next(sold[7]!.after, freeze()) })
    const renewals = sold.map(({ after }, n) => ({
      change: next(after, renewal(`R${n}`, 60), true),
      mark: markOf(500 + n),
    }))
    const outcomes = await outcomesOf(
      store,
      THIRTY.flatMap((n) => [bought(n), renewals[n]!]),
    )
    const expected = THIRTY.flatMap((n) => ['committed', n === 7 ? 'conflict' : 'committed'])
    expect(outcomes).toEqual(expected)
    for (const n of THIRTY) {
      expect(await store.byId(idOf(n))).toStrictEqual(sale(n).after)
      const types = (await store.history(idOf(100 + n))).map(({ event }) => event.type)
      expect(types).toEqual(['issued', n === 7 ? 'frozen' : 'renewed'])
      expect((await store.mark('feedc0de', `signature-${500 + n}`, null)) === null).toBe(n === 7)
    }
  })

  it('are no reason to forget one of two probes', async () => {
    const { store } = await freshPostgres()
    const done = [store.commit(bought(1)), store.probe(), store.probe(), store.commit(bought(2))]
    expect(await Promise.all(done)).toEqual(['committed', undefined, undefined, 'committed'])
  })

  it('and renewals that two processes have at once are done once, in whatever order they come', async () => {
    const { store, beside } = await freshPostgres()
    const second = await beside()
    const sold = THIRTY.map((n) => sale(100 + n))
    for (const change of sold) await store.commit({ change })
    const batches = THIRTY.flatMap((n) => [
      bought(n),
      { change: next(sold[n]!.after, renewal(`R${n}`, 60)), mark: markOf(500 + n) },
    ])
    const [first, other] = await Promise.all([
      outcomesOf(store, batches),
      outcomesOf(second, batches.toReversed()).then((outcomes) => outcomes.toReversed()),
    ])
    for (const n of batches.keys()) expect([first[n], other[n]].toSorted()).toEqual(['committed', 'conflict'])
  }, 20_000)
})

describe.skipIf(!(await hasPostgres()))('what purchases of one moment hold on PostgreSQL', () => {
  const TEXTS = [
    '',
    ' ',
    'NULL',
    'null',
    '云商店授权许可证：一年版（十席）',
    '𠮷野家 👩‍👩‍👧‍👦 𝔏icet \u{10ffff}\uffff',
    `'' "" \\ \\" \\n %s ? $1 :a ; -- /* */ {} {,} [] , "`,
    'x\u0001\t\r\n\u001f\u007f\u0085',
    '{"a":"{\\"b\\":[1,\\"\\\\\\"]}"}',
    '{1,2}',
    '\\',
    '"',
    '00012345678901234567890',
    '许可'.repeat(50_000),
  ]
  const NUMBERS = [0, 2_147_483_648, 4_294_967_296, 253_402_300_799, Number.MAX_SAFE_INTEGER]

  it('comes back as it went in, each from its own row', async () => {
    const { store, url } = await freshPostgres()
    const count = await countedInserts(url)
    const batches = TEXTS.map((text, n) => {
      const number = NUMBERS[n % NUMBERS.length]!
      const instance = text.length < 1_000 ? text : 'long'
      const origin = { instance, order: n % 3 === 0 ? null : { id: `订单 ${instance}`, line: instance } }
      const terms = {
        seats: number,
        features: number,
        trial: n % 2 === 0,
        paidUntil: n % 4 === 0 ? null : number,
        binding: n % 2 === 0 ? null : instance,
      }
      const change = {
        ...sale(n, { origin, terms, at: number }),
        customer: text,
        by: { who: 'operator', reason: text },
      }
      return { change, mark: markOf(n, { answer: text, nonce: n % 2 === 0 ? null : instance }) }
    })
    expect(new Set(await outcomesOf(store, batches))).toEqual(new Set(['committed']))
    expect(await count()).toBe(1)
    for (const [n, { change, mark }] of batches.entries()) {
      expect(await store.byId(idOf(n))).toStrictEqual(change.after)
      expect(await store.customer(idOf(n))).toBe(TEXTS[n])
      expect((await store.history(idOf(n)))[0]!.by.reason).toBe(TEXTS[n])
      expect(await store.mark('feedc0de', mark.signature, null)).toStrictEqual(mark)
      expect((await store.byInstance('huawei', change.after.origin.instance!))?.id).toBe(idOf(n))
    }
  })

  it('is told apart where it is nothing in one row and something in the next', async () => {
    const { store } = await freshPostgres()
    const batches = THIRTY.map((n) => {
      const terms = {
        ...TERMS,
        paidUntil: n % 2 === 0 ? null : NOON + n * DAY,
        binding: n % 5 === 0 ? null : '',
      }
      return { change: sale(n, { terms, origin: { order: n % 3 === 0 ? null : { id: `O${n}`, line: '' } } }) }
    })
    expect(new Set(await outcomesOf(store, batches))).toEqual(new Set(['committed']))
    for (const [n, { change }] of batches.entries())
      expect(await store.byId(idOf(n))).toStrictEqual(change.after)
  })
})
