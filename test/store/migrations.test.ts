import { describe, expect, it } from 'vitest'
import { type Migration, pendingMigrations, readMigrations } from '../../src/store/migrations.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { statementsOf } from '../support/d1.ts'
import { migrations } from '../support/migrations.ts'
import { NEXT_MIGRATION } from '../support/next-version.ts'

const sql = (version: number, statement = 'CREATE TABLE a (b TEXT)') =>
  `-- What it\n-- means.\n\n${statement};\nUPDATE settings SET value = '${version}' WHERE name = 'schema_version';\n`

const OLDEST = (version: number) =>
  `INSERT INTO settings (name, value) VALUES ('oldest_program', '${version}') ON CONFLICT (name) DO UPDATE SET value = excluded.value`

const file = (version: number, text = sql(version)) =>
  [`${String(version).padStart(4, '0')}_name.sql`, text] as const

describe('the migrations', () => {
  it('lead without a gap to the version of this program', () => {
    expect(migrations().map(({ version }) => version)).toEqual(
      Array.from({ length: SCHEMA_VERSION - 1 }, (_, place) => 2 + place),
    )
  })

  it.each(migrations())('say what they mean and set their version last: $version', ({
    version,
    sql,
    meaning,
  }) => {
    expect(meaning.length).toBeGreaterThan(30)
    expect(statementsOf(sql).at(-1)).toContain(`'${version}'`)
    expect(sql).not.toMatch(/\b(BEGIN|COMMIT|ROLLBACK)\b/i)
  })

  it('are read whatever order their files come in', () => {
    const [next, last] = [SCHEMA_VERSION - 1, SCHEMA_VERSION]
    const read = readMigrations([file(last), file(next)])
    expect(read.map(({ version }) => version)).toEqual([next, last])
    expect(read[0]).toMatchObject({
      name: 'name',
      meaning: 'What it means.',
      stopsServers: false,
      touches: [],
    })
  })

  it('name the tables they change, but not those they make', () => {
    const text = sql(
      SCHEMA_VERSION,
      'ALTER TABLE licenses ADD COLUMN b TEXT;\nCREATE INDEX a_b ON a (b);\nCREATE TABLE c (d TEXT);\nCREATE INDEX c_d ON c (d);\nINSERT INTO c (d) SELECT id FROM licenses;\n' +
        OLDEST(2),
    )
    expect(readMigrations([file(SCHEMA_VERSION, text)])[0]!.touches).toEqual(['licenses', 'a'])
  })

  it('are refused with a gap, a wrong name, or another end than this version', () => {
    const [before, last] = [SCHEMA_VERSION - 2, SCHEMA_VERSION]
    expect(() => readMigrations([file(before), file(last)])).toThrow(/gap/)
    expect(() => readMigrations([file(last + 1)])).toThrow(/must lead to/)
    expect(() => readMigrations([])).toThrow(/must lead to/)
    expect(() => readMigrations([['3_name.sql', sql(last)]])).toThrow(/no name/)
    expect(() => readMigrations([['notes.txt', '']])).toThrow(/no name/)
  })
})

describe('what a database still needs', () => {
  const all = migrations()
  const versions = (version: string) => pendingMigrations(all, version, 'x.db').map((one) => one.version)

  it('is what comes behind its version', () => {
    expect(versions('2')).toEqual([3].slice(0, SCHEMA_VERSION - 2))
    expect(versions(String(SCHEMA_VERSION))).toEqual([])
  })

  it.each([
    [String(SCHEMA_VERSION + 1), 'newer_schema', /use a newer Licet/],
    ['1', 'older_schema', /before the first release/],
    ['0', 'older_schema', /before the first release/],
    ['', 'cannot_open', /another program/],
    ['3x', 'cannot_open', /another program/],
    [null, 'cannot_open', /another program/],
  ])('is refused for version %j in a sentence', (version, code, message) => {
    const run = () => pendingMigrations(all, version, 'x.db')
    expect(run).toThrow(expect.objectContaining({ code }))
    expect(run).toThrow(message)
  })
})

/** What a server of the version before would stumble over while it still runs. */
const NOT_ADDITIVE = [
  [/\bDROP\b/i, 'takes something away'],
  [/\bRENAME\b/i, 'renames something'],
  [/\bALTER\b(?!\s+TABLE\s+\w+\s+ADD\s+COLUMN\b)/i, 'alters something else than by a new column'],
  [/\bADD COLUMN\b(?=.*\bNOT NULL\b)(?!.*\bDEFAULT\b)/is, 'adds a column that an older insert leaves out'],
  [/\bADD COLUMN\b.*\b(UNIQUE|CHECK|REFERENCES)\b/is, 'adds a rule to rows that an older program writes'],
  [/\bCREATE UNIQUE INDEX\b/i, 'adds a rule to rows that an older program writes'],
  [/\bDELETE\b|\bUPDATE (?!settings SET value = '\d+' WHERE name = 'schema_version')/i, 'changes rows'],
] as const

/** The one statement that says it. */
const SAYS_OLDEST =
  /^INSERT INTO settings \(name, value\) VALUES \('oldest_program', '(\d+)'\)\s+ON CONFLICT \(name\) DO UPDATE SET value = excluded\.value$/

/** What is wrong with what migrations above version 3, in their order, say of `oldest_program` (decision 0016). */
function misstatements(
  later: readonly Pick<Migration, 'version' | 'sql' | 'stopsServers'>[],
): readonly string[] {
  let floor = 0
  return later.flatMap(({ version, sql, stopsServers }) => {
    const oldest = Number(SAYS_OLDEST.exec(statementsOf(sql).at(-2) ?? '')?.[1] ?? Number.NaN)
    const before = floor
    floor = Math.max(floor, oldest || 0)
    if (Number.isNaN(oldest)) return [`${version} does not say it before its version`]
    if (oldest < before) return [`${version} lets a program work again that an older one shut out`]
    if (oldest > version) return [`${version} shuts its own program out`]
    return stopsServers && oldest !== version ? [`${version} lets a program go on that it stops`] : []
  })
}

describe('the oldest program that may work with a database', () => {
  const says = (version: number, oldest: number, stopsServers = false) => ({
    version,
    stopsServers,
    sql: `CREATE TABLE a (b TEXT);\n${OLDEST(oldest)};\nUPDATE settings SET value = '${version}' WHERE name = 'schema_version';\n`,
  })

  it('is said by every migration above version 3, and by the next one of the tests', () => {
    const next = { version: SCHEMA_VERSION + 1, sql: NEXT_MIGRATION, stopsServers: false }
    expect(misstatements([...migrations().filter(({ version }) => version > 3), next])).toEqual([])
    expect(offences(statementsOf(NEXT_MIGRATION))).toEqual([])
  })

  it('may stay, and rise', () => {
    expect(misstatements([says(4, 3), says(5, 3), says(6, 5), says(7, 7, true), says(8, 7)])).toEqual([])
  })

  it.each([
    ['nothing is said', [{ version: 4, sql: sql(4), stopsServers: false }], /4 does not say it/],
    ['it falls', [says(4, 4), says(5, 3)], /5 lets a program work again/],
    ['it is newer than the database', [says(4, 5)], /4 shuts its own program out/],
    ['servers must stop, and may go on', [says(4, 3, true)], /4 lets a program go on/],
  ])('is found out where %s', (_, later, said) => {
    expect(misstatements(later)).toEqual([expect.stringMatching(said)])
  })
})

function offences(statements: readonly string[]): readonly string[] {
  const made = new Set(statements.flatMap((one) => /^CREATE TABLE (\w+)/.exec(one)?.[1] ?? []))
  const isOfNew = (one: string) => made.has(/\bON (\w+) \(/.exec(one)?.[1] ?? '')
  return statements.flatMap((one) =>
    one.startsWith('CREATE TABLE') ||
    SAYS_OLDEST.test(one) ||
    (one.startsWith('CREATE UNIQUE INDEX') && isOfNew(one))
      ? []
      : NOT_ADDITIVE.flatMap(([what, why]) => (what.test(one) ? [`${why}: ${one}`] : [])),
  )
}

describe('a migration above the baseline', () => {
  const [, ...later] = migrations()

  it.each(later)('only adds: $version $name', ({ sql }) => {
    expect(offences(statementsOf(sql))).toEqual([])
  })

  it.each([
    'DROP TABLE answers',
    'DROP INDEX license_events_at',
    'ALTER TABLE licenses RENAME COLUMN id TO name',
    'ALTER TABLE licenses DROP COLUMN held',
    'ALTER TABLE licenses ALTER COLUMN held SET NOT NULL',
    'ALTER TABLE licenses ADD CONSTRAINT x CHECK (seats > 0)',
    'ALTER TABLE licenses ADD COLUMN x TEXT NOT NULL',
    'ALTER TABLE licenses ADD COLUMN x TEXT REFERENCES answers (body)',
    'CREATE UNIQUE INDEX x ON licenses (held)',
    "UPDATE licenses SET held = ''",
    'DELETE FROM answers',
    "INSERT INTO settings (name, value) VALUES ('catalog', '1') ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  ])('would be found out: %s', (statement) => {
    expect(offences([statement])).not.toEqual([])
  })

  it.each([
    'ALTER TABLE licenses ADD COLUMN x TEXT',
    'ALTER TABLE licenses ADD COLUMN x BIGINT NOT NULL DEFAULT 0',
    'CREATE INDEX x ON licenses (held)',
    'CREATE TABLE x (a TEXT NOT NULL, CONSTRAINT x_a CHECK (a <> NULL))',
  ])('may: %s', (statement) => {
    expect(offences([statement])).toEqual([])
  })
})
