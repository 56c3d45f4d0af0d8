import { describe, expect, it } from 'vitest'
import type { ImportPosition, MovedRow, Reading } from '../../../src/authority/move/moving.ts'
import type { Store } from '../../../src/authority/ports.ts'
import type { ExportValue } from '../../../src/format/export-lines.ts'
import type { Fresh } from './harness.ts'
import { BY, DAY, freeze, idOf, NOON, next, purchase, sale } from './samples.ts'

const at = (lines: number): ImportPosition => ({ lines, digest: `digest-${lines}` })

const testCodes = (from: number, to: number): MovedRow[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ table: 'test_codes', values: [idOf(from + i)] }))

type Row = Readonly<Record<string, ExportValue>>

async function rowsOf(reading: Reading, table: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const page of reading.pages(table)) rows.push(...page)
  return rows
}

async function within<T>(store: Store, work: (reading: Reading) => Promise<T>): Promise<T> {
  const reading = await store.moving().read()
  return work(reading).finally(() => reading.close())
}

const everything = (store: Store): Promise<Readonly<Record<string, readonly Row[]>>> =>
  within(store, async (reading) => {
    const rows: Record<string, readonly Row[]> = {}
    for (const { name } of store.moving().tables) rows[name] = await rowsOf(reading, name)
    return rows
  })

export function moving(fresh: Fresh): void {
  describe('a database that is read to be moved', () => {
    it('comes table by table, each by its key, over many pages', async () => {
      const { store } = await fresh()
      const { begin, add } = store.moving()
      await begin(at(1), null)
      for (let n = 0; n < 3; n++) await add(testCodes(n * 400, n * 400 + 399), at(n + 1), at(n + 2))
      const digests = (await within(store, (reading) => rowsOf(reading, 'test_codes'))).map(
        (row) => row.digest,
      )
      expect(digests).toEqual(Array.from({ length: 1_200 }, (_, n) => idOf(n)))
    })

    it('goes on within a license of many events where a page ended', async () => {
      const { store } = await fresh()
      await store.commit(purchase(1))
      const events = Array.from({ length: 1_100 }, (_, i) => ({
        table: 'license_events',
        values: [idOf(1), i + 2, 'reinstated', '{}', NOON, 'operator', null, null],
      }))
      await store.moving().begin(at(1), null)
      await store.moving().add(events, at(1), at(2))
      const read = await within(store, (reading) => rowsOf(reading, 'license_events'))
      expect(read.map(({ revision }) => revision)).toEqual(Array.from({ length: 1_101 }, (_, i) => i + 1))
    })

    it('is that of one moment, or tells that it changed', async () => {
      const { store } = await fresh()
      await store.commit(purchase(1))
      await within(store, async (reading) => {
        const before = await reading.state()
        expect(before.rows).toMatchObject({ licenses: 1, license_events: 1 })
        await store.commit(purchase(2))
        const after = await reading.state()
        const licenses = await rowsOf(reading, 'licenses')
        if (reading.isConsistent) expect([after, licenses.length]).toEqual([before, 1])
        else expect(after.rows).toMatchObject({ licenses: 2, license_events: 2 })
      })
    })

    it('holds nothing of the settings that are true of this database alone', async () => {
      const { store } = await fresh()
      await store.setSetting('kept', 'yes')
      await store.setSetting('oldest_program', '3')
      await store.moving().beginRestore(NOON)
      const names = (await within(store, (reading) => rowsOf(reading, 'settings'))).map(({ name }) => name)
      expect(names).toEqual(['generation', 'kept'])
    })

    it('lets others write all the while', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      await within(store, async () => {
        expect(await other.commit(purchase(1))).toBe('committed')
      })
    })
  })

  // Where an engine has one database for all tests, every table of it is emptied and looked through.
  describe('an import', { timeout: 30_000 }, () => {
    it('brings every value back as it went out', async () => {
      const from = (await fresh()).store
      await from.commit({ change: { ...sale(1), customer: '密封的文本' } })
      await from.commit({
        change: sale(2, { terms: { paidUntil: null }, origin: { instance: '实例 "2"\n' } }),
      })
      await from.setSetting('long', '许可'.repeat(20_000))
      await from.setSetting('empty', '')
      const sent = await everything(from)
      // Where an engine has one database for all tests, it is empty from here on.
      const to = (await fresh()).store
      const target = to.moving()
      await target.begin(at(1), null)
      let lines = 1
      for (const { name, columns } of target.tables) {
        for (const row of sent[name]!) {
          const moved = { table: name, values: columns.map(([column]) => row[column]!) }
          expect(await target.add([moved], at(lines), at(lines + 1))).toBe('committed')
          lines++
        }
      }
      expect(lines).toBeGreaterThan(6)
      expect(await everything(to)).toEqual(sent)
    })

    it('writes a row and how far it came together, or neither', async () => {
      const { store } = await fresh()
      const { begin, add } = store.moving()
      await begin(at(1), null)
      expect(await add(testCodes(1, 3), at(1), at(4))).toBe('committed')
      expect(await add([...testCodes(4, 5), ...testCodes(2, 2)], at(4), at(7))).toBe('conflict')
      expect(await store.unfinished()).toEqual({ type: 'import', at: at(4), isRestore: false })
      expect(await within(store, (reading) => rowsOf(reading, 'test_codes'))).toHaveLength(3)
    })

    it('writes nothing when somebody else has gone on', async () => {
      const { store } = await fresh()
      const { begin, add, finish } = store.moving()
      await begin(at(1), null)
      await add(testCodes(1, 1), at(1), at(2))
      expect(await add(testCodes(2, 2), at(1), at(3))).toBe('conflict')
      expect(await finish(at(1), null)).toBe('conflict')
      expect(await begin(at(1), null)).toBe('conflict')
      expect(await store.unfinished()).toEqual({ type: 'import', at: at(2), isRestore: false })
    })

    it('begins where there is nothing, and ends with a database like any other', async () => {
      const { store } = await fresh()
      const { isEmpty, begin, add, finish } = store.moving()
      expect([await isEmpty(), await store.unfinished()]).toEqual([true, null])
      await begin(at(1), null)
      await add(testCodes(1, 1), at(1), at(2))
      expect(await finish(at(2), null)).toBe('committed')
      expect([await isEmpty(), await store.unfinished()]).toEqual([false, null])
    })

    it('finds a database that was only looked at empty', async () => {
      const { store } = await fresh()
      await store.probe()
      expect(await store.moving().isEmpty()).toBe(true)
    })
  })

  describe('a restore', () => {
    it('is under way from the end of its import on', async () => {
      const { store } = await fresh()
      const { begin, finish, endRestore } = store.moving()
      await begin(at(1), NOON)
      expect(await store.unfinished()).toEqual({ type: 'import', at: at(1), isRestore: true })
      await finish(at(1), NOON)
      expect(await store.unfinished()).toEqual({ type: 'restore', since: NOON })
      await endRestore()
      expect(await store.unfinished()).toBeNull()
    })

    it('that is under way is not begun again', async () => {
      const { store } = await fresh()
      await store.moving().beginRestore(NOON)
      await store.moving().beginRestore(NOON + DAY)
      expect(await store.unfinished()).toEqual({ type: 'restore', since: NOON })
    })

    it('finds the licenses that it has not raised yet, by id, without those released', async () => {
      const { store } = await fresh()
      for (const n of [3, 1, 2, 4]) await store.commit({ change: sale(n) })
      await store.commit({ change: next(sale(2).after, { type: 'released', at: NOON }) })
      await store.commit({ change: next(sale(4).after, freeze()) })
      const ids = async (since: number, after: string | null = null, limit = 9) =>
        (await store.moving().unraised(since, after, limit)).map(({ id }) => id)
      expect(await ids(NOON)).toEqual([idOf(1), idOf(3), idOf(4)])
      expect(await ids(NOON, idOf(1), 1)).toEqual([idOf(3)])
      const raised = next(sale(3).after, { type: 'restored', raised: 1_000, at: NOON + DAY })
      await store.commit({ change: { ...raised, by: BY } })
      expect(await ids(NOON + DAY)).toEqual([idOf(1), idOf(4)])
      expect(await ids(NOON + 2 * DAY)).toEqual([idOf(1), idOf(3), idOf(4)])
      expect((await store.history(idOf(3))).map(({ revision }) => revision)).toEqual([1, 1_001])
    })
  })
}
