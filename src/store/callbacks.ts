import { sql } from 'kysely'
import type { CallMemory, Recalled, ReplayMark } from '../authority/call-memory.ts'
import type { Store } from '../authority/ports.ts'
import { type Answers, answerKey } from './answers.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries, type Read } from './queries.ts'
import type { MarkRow } from './schema.ts'

const MARK = ['access_key', 'signature', 'nonce', 'request', 'answer', 'expires'] as const

export function callMemory(queries: Queries, answers: Answers): CallMemory {
  const bySignature = queries.read((db, given: Given<{ accessKey: string; signature: string }>) =>
    db
      .selectFrom('replay_marks')
      .select(MARK)
      .where('access_key', '=', given('accessKey'))
      .where('signature', '=', given('signature')),
  )
  const byNonce = queries.read((db, given: Given<{ accessKey: string; nonce: string }>) =>
    db
      .selectFrom('replay_marks')
      .select(MARK)
      .where('access_key', '=', given('accessKey'))
      .where('nonce', '=', given('nonce')),
  )
  const known = knownOfSale(queries)
  return {
    async mark(accessKey, signature, nonce) {
      const same = await bySignature.first({ accessKey, signature })
      const row = same ?? (nonce === null ? undefined : await byNonce.first({ accessKey, nonce }))
      if (row === undefined) return null
      const { access_key, answer, ...rest } = row
      return { ...rest, accessKey: access_key, answer: await answers.markedBy(answer) }
    },
    async recall({ accessKey, signature, nonce }, { channel, order: { id, line } }) {
      const key = answerKey({ id, line })
      const rows = await known.all({ accessKey, signature, channel, key, id, line })
      const row = (what: KnownRow['what']) => rows.find((one) => one.what === what)
      const mark =
        row('mark') ?? (nonce === null ? undefined : markRow(await byNonce.first({ accessKey, nonce })))
      return {
        mark: mark === undefined ? null : { request: mark.one, answer: await answers.markedBy(mark.two) },
        answer: await answerOf(answers, row('answer'), row('license')),
        license: row('license')?.one ?? null,
        parking: row('parking') !== undefined,
      }
    },
  }
}

const markRow = (row: MarkRow | undefined) => row && { one: row.request, two: row.answer }

async function answerOf(
  answers: Answers,
  whole: KnownRow | undefined,
  license: KnownRow | undefined,
): Promise<Recalled['answer']> {
  if (whole !== undefined) return { fields: whole.one, body: whole.two }
  if (license === undefined || license.form === null) return null
  const { one: id, two: fields, three: code, form } = license
  return { fields, body: await answers.bodyOf({ id, form, code: code! }) }
}

interface SaleArguments {
  accessKey: string
  signature: string
  channel: string
  key: string
  id: string
  line: string
}

/** Of a license with a packed answer `two` are its fields and `three` its code; without one they mean nothing. */
interface KnownRow {
  what: 'mark' | 'answer' | 'license' | 'parking'
  one: string
  two: string
  three: string | null
  form: number | null
}

/** One statement, since each look-up of its own begins and ends a transaction, which costs more than the reading. */
function knownOfSale(queries: Queries): Read<SaleArguments, KnownRow> {
  const what = (name: KnownRow['what']) => sql<KnownRow['what']>`${sql.lit(name)}`.as('what')
  const nothing = sql<string>`''`
  const unpacked = [
    sql<string | null>`cast(null as text)`.as('three'),
    sql<number | null>`cast(null as bigint)`.as('form'),
  ] as const
  return queries.read((db, given: Given<SaleArguments>) =>
    db
      .selectFrom('replay_marks')
      .select([what('mark'), 'request as one', 'answer as two', ...unpacked])
      .where('access_key', '=', given('accessKey'))
      .where('signature', '=', given('signature'))
      .unionAll(
        db
          .selectFrom('answers')
          .select([what('answer'), 'fields as one', 'body as two', ...unpacked])
          .where('channel', '=', given('channel'))
          .where('answer_key', '=', given('key')),
      )
      .unionAll(
        db
          .selectFrom('licenses')
          .select([what('license'), 'id as one', sql<string>`coalesce(answer_fields, '')`.as('two')])
          .select(['answer_code as three', 'answer_form as form'])
          .where('channel', '=', given('channel'))
          .where('order_id', '=', given('id'))
          .where('order_line', '=', given('line')),
      )
      .unionAll(
        db
          .selectNoFrom([what('parking'), nothing.as('one'), nothing.as('two'), ...unpacked])
          .where(({ exists, selectFrom }) => exists(selectFrom('parked_calls').select('call_key'))),
      ),
  )
}

/** `kept` stands for the answer when the batch keeps the same answer for ever. */
export type WriteMark = (mark: ReplayMark, kept: string | null) => Step

export function writeMark(queries: Queries): WriteMark {
  const insert = queries.write((db, given: Given<MarkRow>) =>
    db.insertInto('replay_marks').values(columns(given, MARK)),
  )
  return ({ accessKey, answer, ...rest }, kept) =>
    insert({ access_key: accessKey, ...rest, answer: kept ?? answer })
}

/** Oldest first, so that the index on the expiry finds them and a limit leaves the younger ones. */
export function markSweep(queries: Queries): Store['sweepMarks'] {
  const sweep = queries.read((db, given: Given<{ now: number; limit: number }>) =>
    db
      .deleteFrom('replay_marks')
      .where((eb) =>
        eb(
          eb.refTuple('access_key', 'signature'),
          'in',
          eb
            .selectFrom('replay_marks')
            .select(['access_key', 'signature'])
            .where('expires', '<', given('now'))
            .orderBy('expires')
            .limit(given('limit'))
            .$asTuple('access_key', 'signature'),
        ),
      )
      .returning('signature'),
  )
  return async (now, limit) => (await sweep.all({ now, limit })).length
}
