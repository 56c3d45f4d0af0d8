import type { CatalogFault } from '../domain/catalog-check.ts'
import type { Json } from '../format/json.ts'
import { asMembers, type Members, member } from '../format/members.ts'

/**
 * Reads a JSON document of a fixed shape without stopping at the first fault. Each reader answers with a value in
 * any case; where it had to make one up, the path is noted, so that nobody complains of the made-up value.
 */
export interface Shape {
  readonly faults: CatalogFault[]
  /** Paths whose value was made up. */
  readonly madeUp: string[]
}

export const newShape = (): Shape => ({ faults: [], madeUp: [] })

/** An object with these members and no other: a member nobody knows is a misspelled one. */
export function objectAt(shape: Shape, value: unknown, path: string, known: readonly string[]): Members {
  const members = asMembers(value)
  if (members === null) return fault(shape, path, `must be an object, not ${kindOf(value)}`, {})
  for (const name of Object.keys(members)) {
    if (known.includes(name)) continue
    shape.faults.push({
      path: under(path, name),
      sentence: `is not known here; known are ${known.join(', ')}`,
    })
  }
  return members
}

/** An array, each item read at its own path; `otherwise` where the member is left out, a fault where there is none. */
export function listAt<T>(
  shape: Shape,
  from: Members,
  name: string,
  path: string,
  read: (value: unknown, path: string) => T,
  otherwise?: readonly T[],
): readonly T[] {
  const at = under(path, name)
  const value = member(from, name)
  if (value === undefined && otherwise !== undefined) return otherwise
  if (!Array.isArray(value)) return wrong(shape, at, value, 'a list', [])
  return value.map((item, index) => read(item, `${at}[${index}]`))
}

export function textAt(shape: Shape, from: Members, name: string, path: string, otherwise?: string): string {
  const value = member(from, name)
  if (value === undefined && otherwise !== undefined) return otherwise
  return textOf(shape, value, under(path, name))
}

export function textOf(shape: Shape, value: unknown, path: string): string {
  return typeof value === 'string' ? value : wrong(shape, path, value, 'text', '')
}

export function numberAt(
  shape: Shape,
  from: Members,
  name: string,
  path: string,
  otherwise?: number,
): number {
  const value = member(from, name)
  if (value === undefined && otherwise !== undefined) return otherwise
  return typeof value === 'number' ? value : wrong(shape, under(path, name), value, 'a number', 0)
}

/** True or false; false where it is left out. */
export function flagAt(shape: Shape, from: Members, name: string, path: string): boolean {
  const value = member(from, name)
  if (value === undefined) return false
  return typeof value === 'boolean' ? value : wrong(shape, under(path, name), value, 'true or false', false)
}

/** Notes a fault whose value is made up; inside of what is made up already there is nothing to note. */
export function fault<T>(shape: Shape, path: string, sentence: string, value: T): T {
  if (shape.madeUp.some((outer) => isWithin(path, outer))) return value
  shape.faults.push({ path, sentence })
  shape.madeUp.push(path)
  return value
}

/** True where a fault may come from a made-up value: at it, inside it, or of what holds it. */
export function isMadeUp({ madeUp }: Shape, path: string): boolean {
  return madeUp.some((other) => isWithin(path, other) || isWithin(other, path))
}

const isWithin = (path: string, outer: string): boolean =>
  outer === '' || path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`)

function wrong<T>(shape: Shape, path: string, value: unknown, wanted: string, made: T): T {
  const sentence =
    value === undefined ? `is missing; it must be ${wanted}` : `must be ${wanted}, not ${kindOf(value)}`
  return fault(shape, path, sentence, made)
}

const under = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

function kindOf(value: unknown): string {
  const json = value as Json
  if (json === null || typeof json === 'boolean') return String(json)
  if (typeof json === 'string') return 'text'
  if (typeof json === 'number') return 'a number'
  return Array.isArray(json) ? 'a list' : 'an object'
}
