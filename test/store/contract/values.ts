import { describe, expect, it } from 'vitest'
import type { Fresh } from './harness.ts'
import { recall } from './recalled.ts'
import { BY, idOf, madeBy, markOf, originOf, parkedOf, sale, TERMS } from './samples.ts'

const TEXTS: readonly (readonly [string, string])[] = [
  ['nothing at all', ''],
  ['a space', ' '],
  ['Chinese', '云商店授权许可证：一年版（十席）'],
  ['beyond the basic plane', '𠮷野家 👩‍👩‍👧‍👦 𝔏icet'],
  ['the same letters, composed otherwise', 'é e\u0301 Å A\u030a'],
  ['right to left and invisible', 'רישיון \u200b\u2066x\u2069\ufeff'],
  ['what quotes, escapes and places', `'' "" \\ \\n %s ? $1 :a ; -- /* */ {} [] NULL`],
  ['controls', 'x\u0001\t\r\n\u001f\u007f\u0085'],
  ['the last of the characters', '\u{10ffff}\uffff\ud7ff\ue000'],
  ['digits that are no number', '00012345678901234567890'],
  ['a hundred thousand characters', '许可'.repeat(50_000)],
]

const NUMBERS: readonly (readonly [string, number])[] = [
  ['zero', 0],
  ['the end of 2038', 2_147_483_648],
  ['beyond 32 bits', 4_294_967_296],
  ['the year 9999', 253_402_300_799],
  ['the greatest whole number', Number.MAX_SAFE_INTEGER],
]

/** Every engine gives back what it was given: the same text, the same number, nothing for nothing. */
export function values(fresh: Fresh): void {
  describe('a text', () => {
    it.each(TEXTS)('of %s comes back as it went in, wherever it is kept', async (_what, text) => {
      const { store } = await fresh()
      const name = { channel: `huawei ${text}`, order: { id: `订单 ${text}`, line: text } }
      const origin = { ...name, instance: `i ${text}` }
      const change = { ...sale(1, { origin }), customer: text, by: { who: 'operator', reason: text } }
      // An index takes a third of a page of PostgreSQL at most; the texts of a key are a hundred characters at most.
      const isKey = text.length < 1_000
      await store.commit({ change: isKey ? change : { ...sale(1), customer: text, by: change.by } })
      await store.setSetting('kept', text)
      await store.commit({ mark: markOf(1, { answer: text }) })
      expect(await store.setting('kept')).toBe(text)
      expect(await store.customer(idOf(1))).toBe(text)
      expect((await store.history(idOf(1)))[0]!.by.reason).toBe(text)
      expect((await store.mark('feedc0de', 'signature-1', null))?.answer).toBe(text)
      if (!isKey) return
      expect((await store.byOrder(name.channel, name.order))?.origin).toEqual(origin)
      expect((await store.byInstance(name.channel, origin.instance))?.id).toBe(idOf(1))
    })

    it('is found by itself alone, not by what looks the same', async () => {
      const { store } = await fresh()
      const likes = ['é', 'e\u0301', 'É', 'e', 'é ', ' é', 'é\u200b', 'ﬁ', 'fi', '１', '1', 'ß', 'ss']
      for (const [n, instance] of likes.entries())
        expect(await store.commit({ change: sale(n, { origin: { instance } }) })).toBe('committed')
      for (const [n, instance] of likes.entries())
        expect((await store.byInstance('huawei', instance))?.id).toBe(idOf(n))
    })
  })

  describe('a number', () => {
    it.each(NUMBERS)('that is %s comes back as it went in', async (_what, number) => {
      const { store } = await fresh()
      const terms = { seats: number, features: number, paidUntil: number, graceDays: 0 }
      const { after } = sale(1, { terms, at: number })
      await store.commit({ change: sale(1, { terms, at: number }) })
      expect(await store.byId(idOf(1))).toStrictEqual(after)
      expect(await store.newestEventAt()).toBe(number)
      const park = parkedOf(1, { at: number })
      await store.commit({ park })
      expect(await store.parkedFor(park.channel, park.instance!)).toStrictEqual([park])
    })
  })

  describe('nothing', () => {
    it('is told from an empty text and from zero', async () => {
      const { store } = await fresh()
      const terms = { ...TERMS, paidUntil: null, binding: null, seats: 0 }
      const origin = originOf(1, { order: null, instance: '' })
      const none = madeBy([{ type: 'issued', id: idOf(1), origin, terms, at: 0 }])
      expect(await store.commit({ change: none })).toBe('committed')
      expect(await store.byId(idOf(1))).toStrictEqual(none.after)
      expect(await store.customer(idOf(1))).toBeNull()
      expect((await store.history(idOf(1)))[0]!.by).toStrictEqual(BY)
      expect(await store.setting('never set')).toBeNull()
      expect((await recall(store, 'huawei', 'never', 'answered')).answer).toBeNull()
    })
  })
}
