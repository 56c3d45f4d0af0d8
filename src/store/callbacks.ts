import type { CallMemory, RememberedAnswer, ReplayMark, Store } from '../authority/ports.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
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
  const answer = queries.read((db, given: Given<{ channel: string; key: string }>) =>
    db
      .selectFrom('answers')
      .select(['channel', 'answer_key', 'fields', 'body'])
      .where('channel', '=', given('channel'))
      .where('answer_key', '=', given('key')),
  )
  return {
    async mark(accessKey, signature, nonce) {
      const same = await bySignature.first({ accessKey, signature })
      const row = same ?? (nonce === null ? undefined : await byNonce.first({ accessKey, nonce }))
      return row === undefined ? null : markOf(row)
    },
    async answer(channel, key) {
      const row = await answer.first({ channel, key })
      return row === undefined ? null : { channel, key, fields: row.fields, body: row.body }
    },
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
    mark: ({ accessKey, ...rest }) => insertMark({ access_key: accessKey, ...rest }),
    answer: ({ key, ...rest }) => insertAnswer({ answer_key: key, ...rest }),
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
