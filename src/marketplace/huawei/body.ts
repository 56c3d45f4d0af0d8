import { no, type Result, yes } from '../../domain/result.ts'
import { readUtf8, utf8 } from '../../format/bytes.ts'
import { type Json, readJson } from '../../format/json.ts'
import { memberTexts, sortedCompact } from './sorted-json.ts'
import type { FieldSource } from './wire.ts'

/** Deeper nesting than any documented body has; a deeper one is refused. */
const MAX_DEPTH = 16

export interface Body {
  readonly raw: Uint8Array
  readonly content: Result<FieldSource, string>
  /** The other spelling that may have been signed; null when the body has none or is spelled so already. */
  sorted(): Uint8Array | null
  /** Top-level members that are not null as texts: of a text what it says, of any other value how it is spelled. */
  texts(): ReadonlyMap<string, string>
}

/** A JSON object in UTF-8, no member twice with different values; what is null counts as not sent. */
export function readBody(raw: Uint8Array): Body {
  const text = readUtf8(raw)
  if (text === null) return unreadable(raw, 'body: not UTF-8')
  const json = readJson(text, { maxDepth: MAX_DEPTH, duplicates: 'allow_equal' })
  if (!json.ok) return unreadable(raw, `body: ${json.why}`)
  const object = json.value
  if (!isObject(object)) return unreadable(raw, 'body: not a JSON object')
  return {
    raw,
    content: yes((name: string) => object[name] ?? undefined),
    sorted: () => {
      const other = sortedCompact(text)
      return other === text ? null : utf8(other)
    },
    texts: () => memberTexts(text),
  }
}

const unreadable = (raw: Uint8Array, why: string): Body => ({
  raw,
  content: no(why),
  sorted: () => null,
  texts: () => new Map(),
})

const isObject = (value: Json): value is { readonly [member: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
