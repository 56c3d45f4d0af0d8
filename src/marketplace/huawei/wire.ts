import type { Intent } from '../../authority/marketplace.ts'
import type { Seconds } from '../../domain/time.ts'
import { type Json, readJson } from '../../format/json.ts'
import type { Reveal } from './buyer.ts'
import { readExpireTime, type Zone } from './date.ts'
import { holdsAnyParameter } from './parameters.ts'

/** A field as it was sent; undefined when it was not. */
export type FieldSource = (name: string) => Json | undefined

/**
 * Reads the fields of one call by the rules of the documents' tables. The first field that breaks its rule is
 * kept as `fault`; what is returned after it is a placeholder, so look at `fault` before using anything.
 * Lengths are in characters. An optional text that is empty counts as not sent.
 */
export interface FieldReader {
  /** A mandatory text that decides something: not empty, no control characters, not re-cuttable. */
  text(name: string, max: number): string
  optionalText(name: string, max: number): string | null
  /** A text for people only; anything UTF-8 can carry. */
  display(name: string, max: number): string | null
  /** A short text that the documents also send as a number; null for any other value. */
  word(name: string): string | null
  oneOf<T extends string>(name: string, choices: readonly T[]): T
  /** `0` or `1`, as text or number; not sent is false. */
  flag(name: string): boolean
  expireTime(zone: Zone | null): Seconds
  optionalExpireTime(zone: Zone | null): Seconds | null
  /** The fields of a value inside this one; what breaks a rule there is a fault here. null: none was sent. */
  inside(name: string): FieldReader | null
  refuse(why: string): void
  fault(): string | null
}

/** Reads the fields of one activity; the intent counts only when the reader has no fault afterwards. */
export type Activity = (fields: FieldReader, zone: Zone | null, reveal: Reveal) => Intent

/** Controls, which no database column is owed, and lone surrogates, which UTF-8 cannot carry. */
const UNFIT = /[\p{Cc}\p{Cs}]/u
/** Most values: printable ASCII without `&`, so neither of the two. */
const PLAIN = /^[ -%'-~]*$/
const EXPIRE_TIME = 'expireTime'
const EXPIRE_TIME_LENGTH = 20
const LONGEST_WORD = 64

export function fieldReader(source: FieldSource): FieldReader {
  let fault: string | null = null
  const refuse = (why: string): void => {
    fault ??= why
  }
  return readerOf(source, refuse, () => fault)
}

function readerOf(
  source: FieldSource,
  refuse: (why: string) => void,
  fault: () => string | null,
): FieldReader {
  function display(name: string, max: number): string | null {
    const value = source(name)
    if (value === undefined || value === '') return null
    if (typeof value === 'string' && isAtMost(value, max)) return value
    refuse(`${name}: no text of at most ${max} characters`)
    return null
  }

  function optionalText(name: string, max: number): string | null {
    const value = display(name, max)
    if (value === null || PLAIN.test(value)) return value
    if (!UNFIT.test(value) && !holdsAnyParameter(value)) return value
    refuse(`${name}: holds a control character or a parameter`)
    return null
  }

  function text(name: string, max: number): string {
    const value = optionalText(name, max)
    if (value === null) refuse(`${name}: missing`)
    return value ?? ''
  }

  function optionalExpireTime(zone: Zone | null): Seconds | null {
    const digits = optionalText(EXPIRE_TIME, EXPIRE_TIME_LENGTH)
    const instant = digits === null || zone === null ? null : readExpireTime(digits, zone)
    if (digits !== null && instant === null)
      refuse(`${EXPIRE_TIME}: no such date, or no such channel time zone`)
    return instant
  }

  return {
    text,
    optionalText,
    display,
    optionalExpireTime,
    refuse,
    fault,
    inside(name) {
      const value = source(name)
      const object = value === undefined ? null : oneObject(value)
      if (value !== undefined && object === null) refuse(`${name}: not one object`)
      return object && readerOf((member) => object[member] ?? undefined, refuse, fault)
    },
    word(name) {
      const value = source(name)
      if (typeof value === 'number') return `${value}`
      return typeof value === 'string' && value !== '' && isAtMost(value, LONGEST_WORD) ? value : null
    },
    oneOf(name, choices) {
      const value = source(name)
      const choice = choices.find((one) => one === value)
      if (choice === undefined) refuse(`${name}: none of ${choices.join(', ')}`)
      return choice ?? choices[0]!
    },
    flag(name) {
      const value = source(name)
      if (value === '1' || value === 1) return true
      if (value !== undefined && value !== '0' && value !== 0) refuse(`${name}: neither 0 nor 1`)
      return false
    },
    expireTime(zone) {
      const instant = optionalExpireTime(zone)
      if (instant === null) refuse(`${EXPIRE_TIME}: missing`)
      return instant ?? 0
    },
  }
}

function isAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && [...text].length <= max)
}

type JsonObject = { readonly [member: string]: Json }

/** An object, a list of one, or either as a JSON text: the documents show all three. */
function oneObject(value: Json): JsonObject | null {
  if (typeof value === 'string') {
    const read = readJson(value, { maxDepth: INSIDE_DEPTH, duplicates: 'allow_equal' })
    return read.ok && typeof read.value !== 'string' ? oneObject(read.value) : null
  }
  if (isList(value)) return value.length === 1 && !isList(value[0]!) ? oneObject(value[0]!) : null
  return typeof value === 'object' ? (value as JsonObject | null) : null
}

const INSIDE_DEPTH = 8

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
