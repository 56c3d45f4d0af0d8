import { sql } from 'kysely'
import type { RememberedAnswer } from '../authority/call-memory.ts'
import type { Batch } from '../authority/ports.ts'
import type { LicenseId } from '../domain/ids.ts'
import type { Step } from './engine.ts'
import { packAnswer, unpackAnswer } from './packed-answer.ts'
import { columns, type Given, type Queries } from './queries.ts'
import { ANSWER, type AnswerColumns } from './rows.ts'
import type { AnswerRow } from './schema.ts'

/** How a batch keeps its first answer. */
export interface KeptAnswer {
  readonly columns: AnswerColumns
  readonly steps: readonly Step[]
  /** What the replay mark keeps in place of the same answer; null: the answer itself. */
  readonly mark: string | null
}

/** An answer that lies in the row of its license. */
export interface Packed {
  readonly id: LicenseId
  readonly form: number
  readonly code: string
}

export interface Answers {
  /** A promise only where the database has to be asked for a form: once for each. */
  keep(batch: Batch): KeptAnswer | Promise<KeptAnswer>
  /** The answer as it was given. */
  bodyOf(packed: Packed): Promise<string>
  /** The answer that a replay mark keeps, or stands for. */
  markedBy(text: string): Promise<string>
}

const NONE: AnswerColumns = { answer_form: null, answer_code: null, answer_fields: null }
const NOTHING: KeptAnswer = { columns: NONE, steps: [], mark: null }

/** Begins what a mark keeps in place of an answer: no answer begins with it. The id of the license follows. */
const OF_LICENSE = '\u0001'

/**
 * First answers. One that comes with its license is kept in the license's row as a form and a code, a third of its
 * length; forms are few, and remembered. The first answer of a form is kept whole, and so is any other.
 */
export function answers(queries: Queries): Answers {
  const forms = answerForms(queries)
  const whole = wholeAnswers(queries)
  const ofLicense = queries.read((db, given: Given<{ id: string }>) =>
    db.selectFrom('licenses').select(ANSWER).where('id', '=', given('id')),
  )
  const bodyOf: Answers['bodyOf'] = async ({ id, form, code }) =>
    unpackAnswer({ form: await forms.text(form), code }, id)
  return {
    bodyOf,
    keep({ answer, change, mark }) {
      if (answer === undefined) return NOTHING
      const common = change && !answer.alone && isOfSale(change, answer)
      const packed = common ? packAnswer(answer.body, change.after.id) : null
      if (packed === null) return { ...NOTHING, steps: whole(answer) }
      const kept = (form: number | null): KeptAnswer =>
        form === null
          ? { ...NOTHING, steps: [...whole(answer), forms.add(packed.form)] }
          : {
              columns: { answer_form: form, answer_code: packed.code, answer_fields: answer.fields },
              steps: [],
              mark: mark?.answer === answer.body ? OF_LICENSE + change!.after.id : null,
            }
      const known = forms.known(packed.form)
      return known === null ? forms.number(packed.form).then(kept) : kept(known)
    },
    async markedBy(text) {
      if (!text.startsWith(OF_LICENSE)) return text
      const id = text.slice(OF_LICENSE.length)
      const row = await ofLicense.first({ id })
      return bodyOf({ id, form: row!.answer_form!, code: row!.answer_code! })
    },
  }
}

function isOfSale(
  { before, after: { origin } }: NonNullable<Batch['change']>,
  answer: RememberedAnswer,
): boolean {
  const { channel, order } = origin
  if (before !== null || channel !== answer.channel) return false
  return order?.id === answer.order.id && order.line === answer.order.line
}

interface Forms {
  /** null when it is not remembered. */
  known(text: string): number | null
  /** null when the database does not know it yet. */
  number(text: string): Promise<number | null>
  text(form: number): Promise<string>
  add(text: string): Step
}

/** A form that is there stays there under its number, so it is read once. */
function answerForms(queries: Queries): Forms {
  const numbers = new Map<string, number>()
  const texts = new Map<number, string>()
  const byBody = queries.read((db, given: Given<{ body: string }>) =>
    db.selectFrom('answer_forms').select(['form', 'body']).where('body', '=', given('body')),
  )
  const byForm = queries.read((db, given: Given<{ form: number }>) =>
    db.selectFrom('answer_forms').select(['form', 'body']).where('form', '=', given('form')),
  )
  const insert = queries.write((db, given: Given<{ body: string }>) =>
    db
      .insertInto('answer_forms')
      .values({
        form: sql<number>`(select coalesce(max(form), 0) + 1 from answer_forms)`,
        body: given('body'),
      })
      .onConflict((conflict) => conflict.column('body').doNothing()),
  )
  function noted(row: { form: number; body: string }): typeof row {
    numbers.set(row.body, row.form)
    texts.set(row.form, row.body)
    return row
  }
  return {
    known: (text) => numbers.get(text) ?? null,
    async number(text) {
      const row = await byBody.first({ body: text })
      return row === undefined ? null : noted(row).form
    },
    text: async (form) => texts.get(form) ?? noted((await byForm.first({ form }))!).body,
    add: (body) => insert({ body }),
  }
}

/** The name of an order line among whole answers; unambiguous for any order number. */
export const answerKey = ({ id, line }: RememberedAnswer['order']): string => JSON.stringify([id, line])

/** A conflict, too, when the license of the order line holds its answer already. */
function wholeAnswers(queries: Queries): (answer: RememberedAnswer) => Step[] {
  const insert = queries.write((db, given: Given<AnswerRow>) =>
    db.insertInto('answers').values(columns(given, ['channel', 'answer_key', 'fields', 'body'])),
  )
  const kept = queries.read((db, given: Given<{ channel: string; id: string; line: string }>) =>
    db
      .selectFrom('licenses')
      .select('id')
      .where('channel', '=', given('channel'))
      .where('order_id', '=', given('id'))
      .where('order_line', '=', given('line'))
      .where('answer_form', 'is not', null),
  )
  return ({ channel, order, fields, body }) => [
    kept.findsNothing({ channel, id: order.id, line: order.line }),
    insert({ channel, answer_key: answerKey(order), fields, body }),
  ]
}
