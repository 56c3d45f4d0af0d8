import type { Database } from 'better-sqlite3'
import type { LicenseRow } from '../../src/store/schema.ts'

/** The one form of answers that a mock gives, and what of the license stands in it. */
export const ONLY_FORM = 1
const CODE = '\u0001'
const ID = '\u0002'
const OF_LICENSE = '\u0001'

export type AnswerColumns = Pick<LicenseRow, 'answer_form' | 'answer_code' | 'answer_fields'>

export const answerBody = (license: string, instanceId: string): string =>
  JSON.stringify({ resultCode: '000000', resultMsg: 'success.', license, instanceId })

/** The first answer to `LC1-…` as the product keeps it, beside the license. */
export function keptAnswer(code: string, fields: string): AnswerColumns {
  return { answer_form: ONLY_FORM, answer_code: code.slice(3).replaceAll('-', ''), answer_fields: fields }
}

/** What a replay mark keeps in place of it. */
export const markText = (licenseId: string): string => OF_LICENSE + licenseId

/** What all answers have in common, with places for the code and the id. */
export const answerFormBody = (certificate: string): string =>
  answerBody(`code ${certificate}`, ID).replace('code', CODE)

/** Writes the form, and gives back what makes a mark's answer of it again. */
export function answerForm(db: Database, certificate: string): (mark: string) => string {
  const form = answerFormBody(certificate)
  db.prepare('INSERT INTO answer_forms (form, body) VALUES (?, ?) ON CONFLICT DO NOTHING').run(
    ONLY_FORM,
    form,
  )
  const kept = db.prepare<[string], { answer_code: string }>('SELECT answer_code FROM licenses WHERE id = ?')
  return (mark) => {
    const id = mark.slice(OF_LICENSE.length)
    const code = kept.get(id)!.answer_code.replace(/.{1,5}/g, '-$&')
    return form.replace(ID, id).replace(CODE, `LC1${code}`)
  }
}
