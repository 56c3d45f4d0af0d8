import { describe, expect, it } from 'vitest'
import { exportAll } from '../../../src/authority/move/export.ts'
import type { Moving, Reading } from '../../../src/authority/move/moving.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { runningSha256 } from '../../../src/crypto/running-hash.ts'
import { NOON, purchase } from '../../store/contract/samples.ts'
import { newDatabasePath, openedAt } from '../../support/store-sqlite.ts'
import { exported, imported, linesOf } from './kit.ts'

const FACTS = { program: '1.2.3', madeAt: NOON, masterKeyCheck: 'check', developmentRoot: null }

/** As on an engine that reads what is there when it is asked. */
function unsteady(moving: Moving): Moving {
  const now = async <T>(ask: (reading: Reading) => Promise<T>): Promise<T> => {
    const reading = await moving.read()
    return ask(reading).finally(() => reading.close())
  }
  async function* pages(table: string) {
    yield await now((reading) => allOf(reading, table))
  }
  const close = async () => undefined
  const reading = { isConsistent: false, state: () => now((one) => one.state()), pages, close }
  return { ...moving, read: async () => reading }
}

async function allOf(reading: Reading, table: string) {
  const rows = []
  for await (const page of reading.pages(table)) rows.push(...page)
  return rows
}

/** Writes nowhere; `during` happens with the first piece. */
function exportedWhile(moving: Moving, during: () => Promise<unknown>) {
  let pieces = 0
  return exportAll(moving, FACTS, {
    hash: runningSha256(),
    async write() {
      pieces++
      if (pieces === 1) await during()
    },
    progress: () => undefined,
  })
}

const fresh = (): Store => openedAt(newDatabasePath())

describe('an export', () => {
  it('is of the moment it began, whatever is sold meanwhile', async () => {
    const store = fresh()
    await store.commit(purchase(1))
    const made = await exportedWhile(store.moving(), () => store.commit(purchase(2)))
    expect(made).toMatchObject({ ok: true, value: { rows: { licenses: 1, license_events: 1 } } })
  })

  it('where no moment can be held still is refused when something was sold', async () => {
    const store = fresh()
    await store.commit(purchase(1))
    const made = await exportedWhile(unsteady(store.moving()), () => store.commit(purchase(2)))
    expect(made).toEqual({ ok: false, no: { reason: 'changed_meanwhile' } })
  })

  it('where no moment can be held still is refused when the catalog or a channel changed', async () => {
    const store = fresh()
    const change = () => store.replaceCatalog({ products: [], offers: [] })
    expect(await exportedWhile(unsteady(store.moving()), change)).toMatchObject({ ok: false })
  })

  it('where no moment can be held still is good when nothing happened', async () => {
    const store = fresh()
    await store.commit(purchase(1))
    expect(await exportedWhile(unsteady(store.moving()), async () => undefined)).toMatchObject({ ok: true })
  })

  it('tells on its first line what it is and on its last what it held', async () => {
    const store = fresh()
    await store.commit(purchase(1))
    const lines = linesOf(await exported(store))
    const [header, trailer] = [JSON.parse(lines[0]!), JSON.parse(lines.at(-1)!)]
    expect(header).toMatchObject({ format: 'licet-export', version: 1, rows: lines.length - 2 })
    expect(trailer).toMatchObject({ end: 'licet-export', rows: { licenses: 1, channels: 0 } })
    expect(Object.keys(trailer.rows)).toEqual(header.tables)
  })

  it('is the same again, byte for byte, but for its time', async () => {
    const store = fresh()
    await store.commit(purchase(1))
    expect(await exported(store)).toBe(await exported(store))
  })

  it('leaves NULL out, and brings it back', async () => {
    const [store, target] = [fresh(), fresh()]
    await store.commit(purchase(1))
    const file = await exported(store)
    expect(linesOf(file).slice(1).join('')).not.toContain(':null')
    await imported(target, file)
    expect(await target.byId(purchase(1).change.after.id)).toEqual(purchase(1).change.after)
  })
})
