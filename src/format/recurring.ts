/** Keeps texts short whose larger part is the same in all of them. */
export interface Recurring {
  short(text: string): string
  /** Of a text that was never shortened: the text itself, if it holds no control character, as JSON does not. */
  long(text: string): string
}

/** Control characters: JSON writes them as escapes, so a text of JSON never holds them. */
const FIRST = 2
const MOST = 0x20 - FIRST

/**
 * Of each of `texts` wherever it occurs one character is kept, the place among them. What was kept is read by the same
 * places: never take a text away, and add only at the end.
 */
export function recurring(texts: readonly string[]): Recurring {
  if (texts.length > MOST) throw new RangeError(`at most ${MOST} texts can recur`)
  const characters = new Map(texts.map((text, place) => [text, String.fromCharCode(FIRST + place)]))
  const any = new RegExp(texts.map((text) => text.replace(/[^\w ]/g, '\\$&')).join('|'), 'g')
  return {
    short: (text) => text.replace(any, (found) => characters.get(found)!),
    long(text) {
      let long = ''
      let copied = 0
      for (let at = 0; at < text.length; at++) {
        const recurs = texts[text.charCodeAt(at) - FIRST]
        if (recurs === undefined) continue
        long += text.slice(copied, at) + recurs
        copied = at + 1
      }
      return long + text.slice(copied)
    },
  }
}
