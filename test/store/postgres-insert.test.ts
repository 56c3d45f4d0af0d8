import { describe, expect, it } from 'vitest'
import { arraysOf, groupedInsert } from '../../src/store/postgres/grouped.ts'

describe('an insert for many rows', () => {
  const typeOf = (_table: string, column: string) => ({ a: 'text', n: 'bigint' })[column]

  it('has an array for each value of the one for a row, of the type of its column', () => {
    expect(groupedInsert('insert into "t" ("a", "n") values ($1, $2)', typeOf)).toBe(
      'insert into "t" ("a", "n") select * from unnest($1::text[], $2::bigint[])',
    )
    expect(groupedInsert('insert into "t" ("a") values ($1) on conflict ("a") do nothing', typeOf)).toBe(
      'insert into "t" ("a") select * from unnest($1::text[]) on conflict ("a") do nothing',
    )
  })

  it.each([
    'update "t" set "a" = $1',
    'insert into "t" ("a", "n") values ($2, $1)',
    'insert into "t" ("a", "n") values ($1, $1)',
    'insert into "t" ("a", "n") values ($1, 7)',
    'insert into "t" ("a", "n") values ($1, (select max("n") from "t"))',
    'insert into "t" ("a") values ($1), ($2)',
    'insert into "t" ("a") values ($1) on conflict ("a") do update set "a" = $2',
    'insert into "t" ("a") values ($1) returning "a"',
    'insert into "t" ("a") select "a" from "t" where "a" = $1',
    'insert into "t" ("unknown") values ($1)',
  ])('there is none for %s', (sql) => {
    expect(groupedInsert(sql, typeOf)).toBeNull()
  })

  it('takes its values column by column', () => {
    const rows = [
      ['a"b\\', 1],
      [null, null],
      ['', -9_007_199_254_740_991],
    ]
    expect(arraysOf(rows)).toEqual(['{"a\\"b\\\\",NULL,""}', '{1,NULL,-9007199254740991}'])
  })
})
