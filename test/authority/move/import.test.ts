import { beforeEach, describe, expect, it } from 'vitest'
import { importAll } from '../../../src/authority/move/import.ts'
import type { ImportPosition, Moving } from '../../../src/authority/move/moving.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { idOf, NOON, purchase, sale } from '../../store/contract/samples.ts'
import { newDatabasePath, openedAt } from '../../support/store-sqlite.ts'
import { exported, HOST, imported, linesOf, sealedAgain, sourceOf } from './kit.ts'

const LICENSES = 300

const fresh = (): Store => openedAt(newDatabasePath())

let from: Store
let file: string
let target: Store

beforeEach(async () => {
  from = fresh()
  await Promise.all(Array.from({ length: LICENSES }, (_, n) => from.commit(purchase(n + 1))))
  file = await exported(from)
  target = fresh()
})

/** Everything but the generation, which rises with the import. */
const rowsOf = async (store: Store): Promise<string[]> =>
  linesOf(await exported(store))
    .slice(1, -1)
    .filter((line) => !line.includes('"generation"'))

/** Dies with the `nth` write, before it or right after it, as a process that is killed. */
function dyingAt(moving: Moving, nth: number, when: 'before' | 'after'): Moving {
  let left = nth
  const dying =
    <Given extends unknown[], T>(write: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      left--
      if (left === 0 && when === 'before') throw new Error('killed')
      const answer = await write(...given)
      if (left === 0) throw new Error('killed')
      return answer
    }
  const { begin, add, finish } = moving
  return { ...moving, begin: dying(begin), add: dying(add), finish: dying(finish) }
}

describe('an import', () => {
  it('makes the same database', async () => {
    const made = await imported(target, file)
    expect(made).toMatchObject({ ok: true, value: { rows: linesOf(file).length - 2, resumedAt: 0 } })
    expect(await rowsOf(target)).toEqual(await rowsOf(from))
    expect(await target.unfinished()).toBeNull()
  })

  it('from a stream makes the same database', async () => {
    expect(await imported(target, file, false)).toMatchObject({ ok: true })
    expect(await rowsOf(target)).toEqual(await rowsOf(from))
  })

  it('raises the generation, so that whoever watches it looks again', async () => {
    await imported(target, file)
    expect(await target.generation()).toBeGreaterThan(await from.generation())
  })

  it('of nothing but a header and a trailer ends as well', async () => {
    expect(await imported(target, await exported(fresh()))).toMatchObject({ ok: true, value: { rows: 0 } })
  })

  it('gives every license its first answer and its replay mark back', async () => {
    await imported(target, file)
    const { answer, mark } = purchase(7)
    const asked = { channel: 'huawei', order: answer!.order }
    expect(await target.commit({ answer: answer! })).toBe('conflict')
    expect(await target.commit({ mark })).toBe('conflict')
    expect((await target.byOrder(asked.channel, asked.order))?.id).toBe(idOf(7))
  })

  it('refuses a database that holds something', async () => {
    await target.commit({ change: sale(1) })
    expect(await imported(target, file)).toEqual({ ok: false, no: { reason: 'not_empty' } })
    expect((await target.byId(idOf(2))) === null).toBe(true)
  })

  it('refuses a database whose import has ended', async () => {
    await imported(target, file)
    expect(await imported(target, file)).toEqual({ ok: false, no: { reason: 'not_empty' } })
  })

  it('refuses to begin where a restore has not ended', async () => {
    await target.moving().beginRestore(NOON)
    expect(await imported(target, file)).toEqual({ ok: false, no: { reason: 'restoring' } })
  })

  it('of two at once lets one end', async () => {
    const both = await Promise.all([imported(target, file), imported(target, file)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toMatchObject({ no: { reason: 'contended' } })
    expect(await rowsOf(target)).toEqual(await rowsOf(from))
  })
})

describe('an import that was killed', () => {
  it.each(['before', 'after'] as const)('%s any of its writes goes on where it was', async (when) => {
    const expected = await rowsOf(from)
    for (let nth = 1; ; nth++) {
      const store = fresh()
      const killed = importAll(dyingAt(store.moving(), nth, when), sourceOf(file), HOST, null)
      const died = await killed.then(
        () => false,
        () => true,
      )
      if (!died) break
      const unfinished = await store.unfinished()
      const again = await imported(store, file)
      const ended = unfinished === null && nth > 1
      expect(again.ok).toBe(!ended)
      expect(await rowsOf(store)).toEqual(expected)
    }
  })

  async function begun(): Promise<ImportPosition> {
    await importAll(dyingAt(target.moving(), 3, 'before'), sourceOf(file), HOST, null).catch(() => undefined)
    const unfinished = await target.unfinished()
    if (unfinished?.type !== 'import') throw new Error('it was not killed')
    return unfinished.at
  }

  it('in a restore is not ended as an import, which would raise nothing', async () => {
    const killed = importAll(dyingAt(target.moving(), 3, 'before'), sourceOf(file), HOST, NOON)
    await expect(killed).rejects.toThrow('killed')
    expect(await imported(target, file)).toEqual({ ok: false, no: { reason: 'restore_begun' } })
    const again = await importAll(target.moving(), sourceOf(file), HOST, NOON)
    expect(again).toMatchObject({ ok: true })
    expect(await target.unfinished()).toMatchObject({ type: 'restore' })
  })

  it('goes on as a restore', async () => {
    await begun()
    expect(await importAll(target.moving(), sourceOf(file), HOST, NOON)).toMatchObject({ ok: true })
    expect(await target.unfinished()).toMatchObject({ type: 'restore' })
  })

  it('says how many rows it had', async () => {
    const { lines } = await begun()
    expect(lines).toBeGreaterThan(1_000)
    expect(await imported(target, file)).toMatchObject({ ok: true, value: { resumedAt: lines - 1 } })
  })

  it.each<[string, (lines: readonly string[]) => string]>([
    ['of another database', (lines) => sealedAgain(lines.map((line) => line.replace('"CS7"', '"CS0"')))],
    ['of a later day', (lines) => sealedAgain(lines.with(0, lines[0]!.replace('1795262400', '1795262401')))],
    ['that is shorter', (lines) => shortened(lines)],
  ])('does not go on with a file %s', async (_, another) => {
    const { lines } = await begun()
    const no = { reason: 'other_file', line: lines }
    expect(await imported(target, another(linesOf(file)))).toEqual({ ok: false, no })
    expect(await imported(target, file)).toMatchObject({ ok: true })
  })
})

function shortened(lines: readonly string[]): string {
  const header = lines[0]!.replace(/"rows":\d+/, '"rows":2')
  return sealedAgain([header, ...lines.slice(1, 3), lines.at(-1)!])
}
