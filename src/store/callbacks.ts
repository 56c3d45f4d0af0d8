import { sql } from 'kysely'
import type { CallMemory, Recalled, RememberedAnswer, ReplayMark } from '../authority/call-memory.ts'
import type { Store } from '../authority/ports.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries, type Read } from './queries.ts'
import type { AnswerRow, MarkRow } from './schema.ts'

const MARK = ['access_key', 'signature', 'nonce', 'request', 'answer', 'expires'] as const

export function callMemory(queries: Queries): CallMemory {
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
      return row === undefined ? null : markOf(row)
    },
    async recall({ accessKey, signature, nonce }, { channel, key, order }) {
      const { id, line } = order
      const recalled = recalledOf(await known.all({ accessKey, signature, channel, key, id, line }))
      if (nonce === null || recalled.mark !== null) return recalled
      const row = await byNonce.first({ accessKey, nonce })
      return row === undefined
        ? recalled
        : { ...recalled, mark: { request: row.request, answer: row.answer } }
    },
  }
}

interface SaleArguments {
  accessKey: string
  signature: string
  channel: string
  key: string
  id: string
  line: string
}

interface KnownRow {
  what: 'mark' | 'answer' | 'license' | 'parking'
  one: string
  two: string
}

/** One statement, since each look-up of its own begins and ends a transaction, which costs more than the reading. */
function knownOfSale(queries: Queries): Read<SaleArguments, KnownRow> {
  const what = (name: KnownRow['what']) => sql<KnownRow['what']>`${sql.lit(name)}`.as('what')
  const nothing = sql<string>`''`
  return queries.read((db, given: Given<SaleArguments>) =>
    db
      .selectFrom('replay_marks')
      .select([what('mark'), 'request as one', 'answer as two'])
      .where('access_key', '=', given('accessKey'))
      .where('signature', '=', given('signature'))
      .unionAll(
        db
          .selectFrom('answers')
          .select([what('answer'), 'fields as one', 'body as two'])
          .where('channel', '=', given('channel'))
          .where('answer_key', '=', given('key')),
      )
      .unionAll(
        db
          .selectFrom('licenses')
          .select([what('license'), 'id as one', nothing.as('two')])
          .where('channel', '=', given('channel'))
          .where('order_id', '=', given('id'))
          .where('order_line', '=', given('line')),
      )
      .unionAll(
        db
          .selectNoFrom([what('parking'), nothing.as('one'), nothing.as('two')])
          .where(({ exists, selectFrom }) => exists(selectFrom('parked_calls').select('call_key'))),
      ),
  )
}

function recalledOf(rows: readonly KnownRow[]): Recalled {
  const row = (what: KnownRow['what']) => rows.find((one) => one.what === what)
  const mark = row('mark')
  const answer = row('answer')
  return {
    mark: mark === undefined ? null : { request: mark.one, answer: mark.two },
    answer: answer === undefined ? null : { fields: answer.one, body: answer.two },
    license: row('license')?.one ?? null,
    parking: row('parking') !== undefined,
  }
}

export interface CallWrites {
  mark(mark: ReplayMark): Step
  answer(answer: RememberedAnswer): Step
}

export function callWrites(queries: Queries): CallWrites {
  const insertMark = queries.write((db, given: Given<MarkRow>) =>
    db.insertInto('replay_marks').values(columns(given, MARK)),
  )
  const insertAnswer = queries.write((db, given: Given<AnswerRow>) =>
    db.insertInto('answers').values(columns(given, ['channel', 'answer_key', 'fields', 'body'])),
  )
  return {
    mark: ({ accessKey, signature, nonce, request, answer, expires }) =>
      insertMark({ access_key: accessKey, signature, nonce, request, answer, expires }),
    answer: ({ channel, key, fields, body }) => insertAnswer({ channel, answer_key: key, fields, body }),
  }
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

const markOf = ({ access_key: accessKey, ...rest }: MarkRow): ReplayMark => ({ accessKey, ...rest })
