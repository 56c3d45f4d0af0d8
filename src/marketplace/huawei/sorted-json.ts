/** Tokens of a text that is known to be JSON: strings, punctuation, and numbers or words as they stand. */
const TOKEN = /"(?:[^"\\]+|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/**
 * A JSON object spelled the way the marketplace's own sample spells what it signs (reference 3.3): top-level
 * members sorted by UTF-16 code unit, top-level nulls left out, no spaces, strings escaped as Jackson does.
 * Nested values keep their order and numbers their spelling. `text` must be valid JSON and an object.
 */
export function sortedCompact(text: string): string {
  const members = [...membersOf(text)].filter(([, value]) => value !== 'null')
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, value]) => `${spell(name)}:${value}`).join(',')}}`
}

/** Top-level members as `name=value` is made of them: a text decoded, any other value compact; nulls are left out. */
export function memberTexts(text: string): ReadonlyMap<string, string> {
  const members = [...membersOf(text)].filter(([, value]) => value !== 'null')
  return new Map(members.map(([name, value]) => [name, value.startsWith('"') ? JSON.parse(value) : value]))
}

/** Top-level members in order of arrival: decoded name, compact value. */
function membersOf(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>()
  let depth = 0
  let name: string | null = null
  let value = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '}' || token === ']') depth--
    const outside = depth === 0 || (depth === 1 && (token === ',' || (token === ':' && value === '')))
    if (!outside && name === null) name = JSON.parse(token) as string
    else if (!outside) value += token.startsWith('"') ? spell(JSON.parse(token) as string) : token
    else if (token !== ':' && name !== null) {
      members.set(name, value)
      name = null
      value = ''
    }
    if (token === '{' || token === '[') depth++
  }
  return members
}

const ESCAPED = /["\\\p{Cc}]/gu
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

/** Jackson's string: `/`, DEL and everything non-ASCII as it is, other controls as `\u` with upper-case digits. */
function spell(text: string): string {
  return `"${text.replace(ESCAPED, escaped)}"`
}

function escaped(character: string): string {
  const unit = character.charCodeAt(0)
  if (unit > 0x7e) return character
  return SHORT[character] ?? `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`
}
