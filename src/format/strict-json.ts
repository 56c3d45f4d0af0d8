import { isWellFormed } from './bytes.ts'
import { SIGNED_JSON_DEPTH } from './limits.ts'

/**
 * The value of the JSON (RFC 8259) of a signed object; undefined when it is none, or holds what `JSON.parse` lets
 * pass: a member named twice in one object, deep nesting, a lone surrogate (UTF-8 cannot carry it), a number beyond
 * the range of a double. Never throws; the size is the caller's check. The doors have a reader of their own that says
 * where the fault is: this one is small, since shipped software carries it.
 */
export function parseStrict(text: string): unknown {
  let skeleton = text.replace(/\\./g, '').replace(/"[^"]*"/g, '')
  // A member that is named twice is written twice and kept once.
  let members = skeleton.split(':').length
  for (let depth = 0; depth < SIGNED_JSON_DEPTH; depth++)
    skeleton = skeleton.replace(/[[{][^[\]{}]*[\]}]/g, '')
  if (/[[{]/.test(skeleton)) return undefined
  try {
    const value: unknown = JSON.parse(text, function (this: unknown, name: string, member: unknown) {
      if (!Array.isArray(this)) members--
      const text = typeof member === 'string' ? member : ''
      if (!isWellFormed(`${name} ${text}`) || member === Infinity || member === -Infinity) throw undefined
      return member
    })
    if (!members) return value
  } catch {
    // It is no JSON, or was thrown away above.
  }
  return undefined
}
