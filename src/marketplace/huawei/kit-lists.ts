import { type Json, readJson } from '../../format/json.ts'
import { asMembers, member } from '../../format/members.ts'
import { type FieldReader, type FieldSource, fieldReader } from './wire.ts'

/** A list, its items, and what one of them has inside. */
const LIST_DEPTH = 8

/** A mandatory text for people only. */
export function shown(fields: FieldReader, name: string, max: number): string {
  const value = fields.display(name, max)
  if (value === null) fields.refuse(`${name}: missing`)
  return value ?? ''
}

/**
 * Reads each item of a list of objects, which may also come as a JSON text: the documents show both. What breaks a rule in
 * an item is a fault of the call. A truth value counts as its word.
 */
export function itemsOf<T>(
  fields: FieldReader,
  source: FieldSource,
  name: string,
  most: number,
  read: (item: FieldReader, has: (member: string) => boolean) => T,
): readonly T[] {
  const items = listOf(source(name))
  if (items === null || items.length > most) {
    fields.refuse(`${name}: not a list of at most ${most} objects`)
    return []
  }
  return items.map((item, index) => {
    const of: FieldSource = (one) => spoken(member(item, one) as Json | undefined)
    const reader = fieldReader(of)
    const value = read(reader, (one) => of(one) !== undefined)
    const fault = reader.fault()
    if (fault !== null) fields.refuse(`${name}[${index}].${fault}`)
    return value
  })
}

function listOf(value: Json | undefined) {
  const read = typeof value === 'string' ? parsed(value) : value
  if (!Array.isArray(read)) return null
  const items = read.map(asMembers)
  return items.every((item) => item !== null) ? items : null
}

function parsed(text: string): Json {
  const read = readJson(text, { maxDepth: LIST_DEPTH, duplicates: 'allow_equal' })
  return read.ok ? read.value : null
}

/** null counts as not sent. */
const spoken = (value: Json | undefined): Json | undefined =>
  typeof value === 'boolean' ? `${value}` : (value ?? undefined)
