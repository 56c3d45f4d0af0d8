import type { Json } from '../../../format/json.ts'

export type Members = { readonly [member: string]: Json }

/** The members of an object, or null for anything else. */
export const membersOf = (json: Json | undefined): Members | null =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Members) : null

/** A text, or a number as the text it is spelled as; null for anything else and for an empty text. */
export function textOf(json: Json | undefined): string | null {
  if (typeof json === 'number') return String(json)
  return typeof json === 'string' && json !== '' ? json : null
}
