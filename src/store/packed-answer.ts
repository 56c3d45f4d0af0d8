import type { LicenseId } from '../domain/ids.ts'
import { utf8 } from '../format/bytes.ts'

/** A first answer without what it has in common with thousands of others. */
export interface PackedAnswer {
  /** The answer with a mark in place of the license code and another wherever the license id stood. */
  readonly form: string
  /** The symbols of the license code, without its prefix and its dashes. */
  readonly code: string
}

/** No JSON text holds them: there a control character is written as an escape. */
const CODE = '\u0001'
const ID = '\u0002'

const PREFIX = 'LC1'
/** A license code as it is issued, plain or bound to a device (contract 1.1). */
const CODE_TEXT = /LC1(?:-[0-9A-HJKMNP-TV-Z]{5}){33,36}(?:-[0-9A-HJKMNP-TV-Z])?(?![-0-9A-Z])/

/** Bytes of a form: it is looked for by an index, of which PostgreSQL takes 2,704. */
const LONGEST_FORM = 2_600

/** null when the answer would not come back byte for byte, has no license code in it, or leaves too long a form. */
export function packAnswer(body: string, id: LicenseId): PackedAnswer | null {
  const text = CODE_TEXT.exec(body)?.[0]
  if (text === undefined) return null
  const form = body.replace(text, CODE).replaceAll(id, ID)
  const packed = { form, code: text.slice(PREFIX.length).replaceAll('-', '') }
  if (utf8(form).length > LONGEST_FORM) return null
  return unpackAnswer(packed, id) === body ? packed : null
}

/** The answer byte for byte. */
export function unpackAnswer({ form, code }: PackedAnswer, id: LicenseId): string {
  return form.replaceAll(ID, id).replace(CODE, PREFIX + inGroups(code))
}

const GROUP = 5

function inGroups(symbols: string): string {
  let text = ''
  for (let at = 0; at < symbols.length; at += GROUP) text += `-${symbols.slice(at, at + GROUP)}`
  return text
}
