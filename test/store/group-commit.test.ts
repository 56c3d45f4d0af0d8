import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { groupCommit } from '../../src/store/sqlite/group-commit.ts'
import { newDatabasePath } from '../support/store-sqlite.ts'

function openTable() {
  const path = newDatabasePath()
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT CHECK (length(text) < 5))')
  const reader = new Sqlite(path, { readonly: true })
  onTestFinished(() => {
    reader.close()
    db.close()
  })
  const insert = db.prepare('INSERT INTO t (n, text) VALUES (?, ?)')
  const seen = reader.prepare('SELECT count(*) FROM t').pluck()
  return { db, insert, count: () => seen.get() as number }
}

describe('the group commit', () => {
  it('writes a thousand items that arrive together, and leaves nothing of those that fail', async () => {
    const { db, insert, count } = openTable()
    const group = groupCommit(db)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1_000 }, (_, n) =>
        group.submit(() => {
          insert.run(n + 10_000, 'half')
          // Every tenth meets the first half of its neighbour, after a write of its own.
          insert.run(n % 10 === 9 ? n - 1 + 10_000 : n, 'full')
          return n
        }),
      ),
    )
    const failed = outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))
    expect(failed).toEqual(Array.from({ length: 100 }, (_, n) => 10 * n + 9))
    expect(count()).toBe(1_800)
    const answered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(answered).toEqual(Array.from({ length: 1_000 }, (_, n) => n).filter((n) => n % 10 !== 9))
  })

  it('tells nobody before the items of the turn are durable', async () => {
    const { db, insert, count } = openTable()
    const group = groupCommit(db)
    const seen = [1, 2, 3].map((n) => group.submit(() => insert.run(n, 'x')).then(count))
    expect(count()).toBe(0)
    expect(await Promise.all(seen)).toEqual([3, 3, 3])
  })

  it('tells nobody yes when the database takes back the whole transaction', async () => {
    const { db, insert, count } = openTable()
    const group = groupCommit(db)
    const outcomes = await Promise.allSettled([
      group.submit(() => insert.run(1, 'x')),
      group.submit(() => db.exec('INSERT OR ROLLBACK INTO t (n) VALUES (1)')),
      group.submit(() => insert.run(2, 'x')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(count()).toBe(0)
  })

  it('tells nobody yes when the commit itself fails', async () => {
    const { db, insert, count } = openTable()
    db.pragma('foreign_keys = ON')
    db.exec('CREATE TABLE child (n INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)')
    const group = groupCommit(db)
    const orphan = db.prepare('INSERT INTO child (n) VALUES (99)')
    const outcomes = await Promise.allSettled([
      group.submit(() => insert.run(1, 'x')),
      group.submit(() => orphan.run()),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(count()).toBe(0)
    await group.submit(() => insert.run(1, 'x'))
    expect(count()).toBe(1)
  })

  it('goes on with the next turn after a failed one', async () => {
    const { db, insert, count } = openTable()
    const group = groupCommit(db)
    await expect(group.submit(() => insert.run(1, 'far too long'))).rejects.toThrow(/CHECK/)
    await group.submit(() => insert.run(1, 'x'))
    expect(count()).toBe(1)
  })

  it('writes at once what waits when it is flushed', () => {
    const { db, insert, count } = openTable()
    const group = groupCommit(db)
    for (let n = 0; n < 600; n++) void group.submit(() => insert.run(n, 'x'))
    group.flush()
    expect(count()).toBe(600)
  })
})
