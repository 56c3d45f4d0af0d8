import { readUtf8 } from './bytes.ts'
import { LAST_SECOND } from './limits.ts'
import { parseStrict } from './strict-json.ts'

/** Whether a value is what the format says of it. What is judged was read by `parseStrict`: it has no surprises. */
export type Rule = (value: unknown) => boolean
export type Rules = Readonly<Record<string, Rule>> | readonly Rule[]

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

export const like =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

export const integer =
  (least: number, most: number): Rule =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most

export const each =
  (rule: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.every((item) => rule(item))

/** The exception, or what the rule says: null for perpetual, undefined for left out. */
export const either =
  (exception: null | undefined, rule: Rule): Rule =>
  (value) =>
    value === exception || rule(value)

/** An array has as many items as rules, each by its place; of an object unknown members are ignored. */
export const shape =
  (rules: Rules): Rule =>
  (value) =>
    isRecord(value) &&
    (Array.isArray(value) ? value.length === rules.length : !Array.isArray(rules)) &&
    Object.entries(rules).every(([name, rule]) => rule(value[name]))

export const text = like(/./s)
export const time = integer(0, LAST_SECOND)
export const version = integer(1, Number.MAX_SAFE_INTEGER)
export const licenseId = like(/^[0-9a-f]{16}$/)
/** 32 bytes in canonical base64url: the last of 43 characters has two bits to spare, and they are zero. */
export const bytes32 = like(/^[\w-]{42}[AEIMQUYcgkosw048]$/)

/**
 * The claims in the bytes of a JWS body. null when the bytes are no strict JSON, or a claim is missing, of a wrong type
 * or out of range: the object is malformed. Of an object the unknown claims are left out.
 */
export function readClaims<T>(body: Uint8Array, rules: Readonly<Record<keyof T & string, Rule>>): T | null {
  const json = readUtf8(body)
  const claims = json === null ? undefined : parseStrict(json)
  if (!shape(rules)(claims)) return null
  return Object.fromEntries(Object.keys(rules).map((name) => [name, (claims as Claims)[name]])) as T
}

type Claims = Readonly<Record<string, unknown>>
