import { describe, expect, it } from 'vitest'
import type { Batch, LicenseChange } from '../../../src/authority/ports.ts'
import { writeLicenseCode } from '../../../src/format/license-code.ts'
import type { Fresh } from './harness.ts'
import { recall } from './recalled.ts'
import { idOf, markOf, next, renewal, sale } from './samples.ts'

/** Of the right length and alphabet; what it says does not matter here. */
function codeText(n: number, length = 100): string {
  const bytes = Uint8Array.from({ length }, (_, place) => (place * 37 + n * 11) & 255)
  return writeLicenseCode(bytes.subarray(0, -64), bytes.subarray(-64), () => bytes.subarray(0, 32))
}

/** Letters that no database can make shorter. */
function noise(length: number, seed: number): string {
  let state = seed * 7_919
  return Array.from({ length }, () => {
    state = (state * 48_271) % 0x7fffffff
    return String.fromCharCode(65 + (state % 26))
  }).join('')
}

const bodyOf = (n: number, certificate = 'LK1-AAAAA') =>
  `{"msg":"成功","license":"${codeText(n)} ${certificate}","instanceId":"${idOf(n)}"}`

/** The whole of a purchase whose answer is that of any other but for the code and the id. */
function bought(n: number, body = bodyOf(n)): Batch & { readonly change: LicenseChange } {
  const order = { id: `CS${n}`, line: `L${n}` }
  const answer = { channel: 'huawei', order, fields: `f${n}`, body }
  return { change: sale(n), answer, mark: markOf(n, { answer: body }) }
}

export function keptAnswers(fresh: Fresh): void {
  describe('a first answer that comes with its license', () => {
    it('comes back byte for byte, the first of its kind and the next', async () => {
      const { store, beside } = await fresh()
      const batches = Array.from({ length: 6 }, (_, n) => bought(n + 1, bodyOf(n + 1, `LK1-${n % 2}`)))
      for (const batch of batches) expect(await store.commit(batch)).toBe('committed')
      for (const reader of [store, await beside()]) {
        for (const { answer, mark } of batches) {
          const { fields, body, order } = answer!
          expect((await recall(reader, 'huawei', order.id, order.line)).answer).toEqual({ fields, body })
          expect(await reader.mark('feedc0de', mark!.signature, null)).toEqual(mark)
          const known = await reader.recall(mark!, { channel: 'huawei', order })
          expect(known.mark).toEqual({ request: mark!.request, answer: body })
        }
      }
    })

    it('stays the first one when the license has a newer code', async () => {
      const { store } = await fresh()
      for (const n of [1, 2, 3]) await store.commit(bought(n))
      const { after } = bought(3).change
      expect(await store.commit({ change: next(after, renewal('CR3', 60), true) })).toBe('committed')
      expect((await store.newestCode(idOf(3)))!.revision).toBe(2)
      expect((await recall(store, 'huawei', 'CS3', 'L3')).answer!.body).toBe(bodyOf(3))
    })

    it('is one alone: a second is a conflict, with its license or without', async () => {
      const { store } = await fresh()
      for (const n of [1, 2, 3]) await store.commit(bought(n))
      for (const n of [1, 3]) {
        const { answer } = bought(n)
        expect(await store.commit({ answer: answer! })).toBe('conflict')
        expect(await store.commit({ answer: answer!, change: sale(9) })).toBe('conflict')
        expect((await recall(store, 'huawei', `CS${n}`, `L${n}`)).answer!.body).toBe(bodyOf(n))
      }
    })

    it('may come after it, when the license was sold in another way', async () => {
      const { store } = await fresh()
      await store.commit(bought(1))
      await store.commit({ change: sale(2) })
      const { answer } = bought(2)
      expect((await recall(store, 'huawei', 'CS2', 'L2')).answer).toBeNull()
      expect(await store.commit({ answer: answer! })).toBe('committed')
      expect((await recall(store, 'huawei', 'CS2', 'L2')).answer!.body).toBe(bodyOf(2))
    })

    it.each([
      ['two codes', `${codeText(7)} ${codeText(8)}`],
      ['its code twice', `${codeText(7)} ${codeText(7)} ${idOf(7)}${idOf(7)}`],
      ['a code that is bound to a device', codeText(7, 110)],
      ['a code without its end', codeText(7).slice(0, -1)],
      ['a code that goes on', `${codeText(7)}A`],
      ['characters that stand for others', `\u0001\u0002 ${codeText(7)} \u0001`],
      ['a pattern of replacement', `$& $1 ${codeText(7)} $'`],
      ['no code', 'certainly not'],
      ['nothing', ''],
    ])('comes back byte for byte with %s', async (_, body) => {
      const { store } = await fresh()
      const again = body.replaceAll(idOf(7), idOf(8))
      expect(await store.commit(bought(7, body))).toBe('committed')
      expect(await store.commit(bought(8, again))).toBe('committed')
      expect((await recall(store, 'huawei', 'CS7', 'L7')).answer!.body).toBe(body)
      expect((await recall(store, 'huawei', 'CS8', 'L8')).answer!.body).toBe(again)
    })

    it('comes back byte for byte when no other is like it', async () => {
      const { store, beside } = await fresh()
      const batches = [1, 2, 3].map((n) => bought(n, `${bodyOf(n)}${noise(60, n)}`))
      for (const { answer, ...batch } of batches) {
        expect(await store.commit({ ...batch, answer: { ...answer!, alone: true } })).toBe('committed')
        expect(await store.commit({ answer: answer! })).toBe('conflict')
      }
      for (const reader of [store, await beside()])
        for (const { answer, mark } of batches) {
          const { fields, body, order } = answer!
          expect((await recall(reader, 'huawei', order.id, order.line)).answer).toEqual({ fields, body })
          expect(await reader.mark('feedc0de', mark!.signature, null)).toEqual(mark)
        }
    })

    it('comes back byte for byte with as many certificates as a license text may have', async () => {
      const { store } = await fresh()
      const certificates = Array.from({ length: 16 }, (_, n) => `LK1-${noise(240, n + 1)}`).join(' ')
      for (const n of [7, 8]) expect(await store.commit(bought(n, bodyOf(n, certificates)))).toBe('committed')
      for (const n of [7, 8]) {
        const { answer } = await recall(store, 'huawei', `CS${n}`, `L${n}`)
        expect(answer!.body).toBe(bodyOf(n, certificates))
      }
    })

    it('is not taken for that of another order of the same batch', async () => {
      const { store } = await fresh()
      await store.commit(bought(1))
      const other = { id: 'CS77', line: '' }
      const { answer, change } = bought(2)
      await store.commit({ change, answer: { ...answer!, order: other } })
      expect((await recall(store, 'huawei', 'CS2', 'L2')).answer).toBeNull()
      expect((await recall(store, 'huawei', 'CS77', '')).answer!.body).toBe(bodyOf(2))
      expect((await recall(store, 'another', 'CS1', 'L1')).answer).toBeNull()
    })
  })
}
