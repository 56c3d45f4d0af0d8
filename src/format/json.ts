import {
  type Cursor,
  END,
  FAILED,
  fail,
  readLiteral,
  readNumber,
  readString,
  skipSpace,
} from './json-scalars.ts'

/**
 * A JSON value (RFC 8259). Objects have a null prototype, so `__proto__` is a member like any other and no
 * name is inherited.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json }

export interface JsonRule {
  /** Arrays and objects inside one another; 0 allows only a bare scalar. It bounds the stack: keep it below 1,000. */
  readonly maxDepth: number
  /** A member named twice in one object: always refused, or allowed when both values are equal. */
  readonly duplicates: 'refuse' | 'allow_equal'
}

export type JsonRead =
  | { readonly ok: true; readonly value: Json }
  /** `at` counts UTF-16 units before the place; `why` never quotes the text. */
  | { readonly ok: false; readonly at: number; readonly why: string }

/**
 * Reads one JSON text, strictly. Refuses what `JSON.parse` lets pass: a repeated member, deep nesting, a lone
 * surrogate (UTF-8 cannot carry it), a number beyond the range of a double. Every JSON that comes from outside
 * is read here. Never throws. The size of the text is the caller's check.
 */
export function readJson(text: string, rule: JsonRule): JsonRead {
  const cursor: Cursor = { text, at: 0, why: '' }
  const value = readValue(cursor, rule, 0)
  if (value === FAILED) return { ok: false, at: cursor.at, why: cursor.why }
  if (skipSpace(cursor) === END) return { ok: true, value }
  return { ok: false, at: cursor.at, why: 'text after the value' }
}

function readValue(cursor: Cursor, rule: JsonRule, depth: number): Json | typeof FAILED {
  switch (skipSpace(cursor)) {
    case 0x22:
      return readString(cursor)
    case 0x7b:
      return readObject(cursor, rule, depth + 1)
    case 0x5b:
      return readArray(cursor, rule, depth + 1)
    case 0x74:
      return readLiteral(cursor, 'true', true)
    case 0x66:
      return readLiteral(cursor, 'false', false)
    case 0x6e:
      return readLiteral(cursor, 'null', null)
    case 0x2d:
    case 0x30:
    case 0x31:
    case 0x32:
    case 0x33:
    case 0x34:
    case 0x35:
    case 0x36:
    case 0x37:
    case 0x38:
    case 0x39:
      return readNumber(cursor)
    default:
      return fail(cursor, cursor.at, 'expected a value')
  }
}

const COMMA = 0x2c

function readArray(cursor: Cursor, rule: JsonRule, depth: number): Json | typeof FAILED {
  if (depth > rule.maxDepth) return fail(cursor, cursor.at, 'nested too deep')
  cursor.at++
  const items: Json[] = []
  if (skipSpace(cursor) === 0x5d) return close(cursor, items)
  for (;;) {
    const item = readValue(cursor, rule, depth)
    if (item === FAILED) return FAILED
    items.push(item)
    const next = skipSpace(cursor)
    if (next === 0x5d) return close(cursor, items)
    if (next !== COMMA) return fail(cursor, cursor.at, 'expected a comma or the end of the array')
    cursor.at++
  }
}

function readObject(cursor: Cursor, rule: JsonRule, depth: number): Json | typeof FAILED {
  if (depth > rule.maxDepth) return fail(cursor, cursor.at, 'nested too deep')
  cursor.at++
  const members: { [member: string]: Json } = Object.create(null)
  if (skipSpace(cursor) === 0x7d) return close(cursor, members)
  for (;;) {
    if (readMember(cursor, rule, depth, members) === FAILED) return FAILED
    const next = skipSpace(cursor)
    if (next === 0x7d) return close(cursor, members)
    if (next !== COMMA) return fail(cursor, cursor.at, 'expected a comma or the end of the object')
    cursor.at++
  }
}

function readMember(
  cursor: Cursor,
  rule: JsonRule,
  depth: number,
  members: { [member: string]: Json },
): Json | typeof FAILED {
  if (skipSpace(cursor) !== 0x22) return fail(cursor, cursor.at, 'expected the name of a member')
  const nameAt = cursor.at
  const name = readString(cursor)
  if (name === FAILED) return FAILED
  if (skipSpace(cursor) !== 0x3a) return fail(cursor, cursor.at, 'expected a colon')
  cursor.at++
  const value = readValue(cursor, rule, depth)
  if (value === FAILED) return FAILED
  if (name in members && (rule.duplicates === 'refuse' || !sameJson(members[name]!, value))) {
    return fail(cursor, nameAt, 'repeated member')
  }
  members[name] = value
  return value
}

function close<T>(cursor: Cursor, value: T): T {
  cursor.at++
  return value
}

/** Equal as values: the order of members is no difference. */
function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]!))
  if (isArray(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((n) => n in b && sameJson(a[n]!, b[n]!))
}

/** `Array.isArray` that narrows a readonly array. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
