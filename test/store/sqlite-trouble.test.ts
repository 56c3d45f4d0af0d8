import { renameSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { newDatabasePath, openedAt, openedWithConnection, rawAt } from '../support/store-sqlite.ts'
import { purchase } from './contract/samples.ts'

describe('a running embedded database', () => {
  it('says that it is locked when another process keeps writing', async () => {
    const path = newDatabasePath()
    const store = openedAt(path)
    const other = rawAt(path)
    other.exec('BEGIN IMMEDIATE')
    const writes = await Promise.allSettled([store.probe(), store.commit(purchase(1))])
    for (const write of writes)
      expect(write).toMatchObject({ status: 'rejected', reason: { code: 'locked' } })
    expect(await store.byId(purchase(1).change.after.id)).toBeNull()
    other.exec('ROLLBACK')
    await store.probe()
    expect(await store.commit(purchase(1))).toBe('committed')
  }, 20_000)

  it('waits for another process without holding up the event loop, and then goes on', async () => {
    const path = newDatabasePath()
    const store = openedAt(path)
    const other = rawAt(path)
    other.exec('BEGIN IMMEDIATE')
    const began = performance.now()
    const writes = [1, 2, 3].map((n) => store.commit(purchase(n)))
    let longest = 0
    for (let before = performance.now(); before - began < 1_000; ) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      longest = Math.max(longest, performance.now() - before)
      before = performance.now()
    }
    expect(longest).toBeLessThan(500)
    other.exec('ROLLBACK')
    expect(await Promise.all(writes)).toEqual(['committed', 'committed', 'committed'])
  }, 20_000)

  it('gives up on another process within three seconds, and tells whoever comes after at once', async () => {
    const path = newDatabasePath()
    const store = openedAt(path)
    const other = rawAt(path)
    other.exec('BEGIN IMMEDIATE')
    const refusal = async (n: number) => {
      const began = performance.now()
      await expect(store.commit(purchase(n))).rejects.toMatchObject({ code: 'locked' })
      return performance.now() - began
    }
    const first = await refusal(1)
    expect(first).toBeGreaterThan(1_500)
    expect(first).toBeLessThan(3_500)
    expect(await refusal(2)).toBeLessThan(700)
    other.exec('ROLLBACK')
    expect(await store.commit(purchase(3))).toBe('committed')
  }, 20_000)

  it('says that it is read-only, and still reads', async () => {
    const { store, connection } = openedWithConnection(newDatabasePath())
    await store.commit(purchase(1))
    connection.pragma('query_only = ON')
    await expect(store.probe()).rejects.toMatchObject({ code: 'read_only' })
    await expect(store.commit(purchase(2))).rejects.toMatchObject({ code: 'read_only' })
    expect(await store.byId(purchase(1).change.after.id)).not.toBeNull()
  })

  it('tells no caller yes when the disk is full, and recovers', async () => {
    const path = newDatabasePath()
    const { store, connection } = openedWithConnection(path)
    const pages = connection.pragma('page_count', { simple: true })
    connection.pragma(`max_page_count = ${pages}`)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => store.commit(purchase(n))),
    )
    const told = outcomes.filter(({ status }) => status === 'fulfilled').length
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'full' })
    expect(rawAt(path).prepare('SELECT count(*) FROM licenses').pluck().get()).toBe(told)
    connection.pragma('max_page_count = 1000000')
    await store.probe()
    expect(await store.commit(purchase(1_000))).toBe('committed')
  })

  it.each([
    ['removed', (path: string) => renameSync(path, `${path}.away`)],
    [
      'replaced by another',
      (path: string) => {
        renameSync(path, `${path}.away`)
        writeFileSync(path, '')
      },
    ],
  ])('tells no caller yes while its file is %s, and goes on when it is back', async (_, take) => {
    const path = newDatabasePath()
    const store = openedAt(path)
    await store.probe()
    take(path)
    await expect(store.probe()).rejects.toMatchObject({
      code: 'moved',
      message: expect.stringContaining(path),
    })
    const outcomes = await Promise.allSettled([1, 2].map((n) => store.commit(purchase(n))))
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'moved' } })
    renameSync(`${path}.away`, path)
    await store.probe()
    expect(await store.commit(purchase(3))).toBe('committed')
  })
})
