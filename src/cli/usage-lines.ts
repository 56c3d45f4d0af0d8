import type { SoftwareUsage, UsageRecord } from '../authority/outgoing/port.ts'
import type { Seconds } from '../domain/time.ts'
import { type Json, readJson } from '../format/json.ts'
import { Unreadable } from './shell.ts'
import { readTime } from './time.ts'

type Line = { readonly [member: string]: Json }

/** What is wrong with a line: shown behind its number. */
type Fault = string

/** Most clients of one code on one day (reference 4.6). */
const MOST_CLIENTS = 100
const MOST_ACTIVE = 999_999_999

/** `{"code", "clients": ["id", …] | number}` a line; all faults reported together. */
export const readUsages = (lines: readonly string[]): readonly SoftwareUsage[] =>
  readAll(lines, ['code', 'clients'], ({ code, clients }) => {
    if (!isText(code, 64)) return 'code must be a text of 1 to 64 characters'
    if (isWhole(clients, MOST_ACTIVE)) return { code, clients }
    if (
      Array.isArray(clients) &&
      clients.length <= MOST_CLIENTS &&
      clients.every((id: Json) => isText(id, 256))
    )
      return { code, clients: clients as readonly string[] }
    return `clients must be a number up to ${MOST_ACTIVE}, or a list of up to ${MOST_CLIENTS} texts of 1 to 256 characters`
  })

/** A code of the marketplace a line, each once; all faults reported together. */
export function readCodes(lines: readonly string[]): readonly string[] {
  const faults = lines.flatMap((line, index) => {
    const why = !CODE.test(line)
      ? 'a code is 1 to 64 printable ASCII characters'
      : lines.indexOf(line) < index
        ? 'the code stands above already'
        : null
    return why === null ? [] : [`line ${index + 1}: ${why}`]
  })
  if (faults.length > 0) throw new Unreadable(faults.join('\n'))
  return lines
}

const CODE = /^[!-~]{1,64}$/

const RECORD = ['instance', 'serial', 'recordedAt', 'from', 'to', 'value', 'relatedPackage']

/** `{"instance", "serial", "recordedAt", "from", "to", "value", "relatedPackage"?}` a line (reference 11.4). */
export const readRecords = (lines: readonly string[]): readonly UsageRecord[] =>
  readAll(lines, RECORD, ({ instance, serial, value, relatedPackage = null, ...times }) => {
    const [recordedAt, from, to] = [timeOf(times.recordedAt), timeOf(times.from), timeOf(times.to)]
    if (!isText(instance, 64)) return 'instance must be a text of 1 to 64 characters'
    if (!isText(serial, 64)) return 'serial must be a text of 1 to 64 characters'
    if (recordedAt === null || from === null || to === null)
      return 'recordedAt, from and to must be times, as 2026-11-21T12:00:00Z'
    if (to < from) return 'to must not be before from'
    if (!isValue(value))
      return 'value must be a text of a decimal above 0, of at most 4 places and 20 characters'
    if (relatedPackage !== null && !isText(relatedPackage, 64))
      return 'relatedPackage must be a text of 1 to 64 characters'
    return { instance, serial, recordedAt, from, to, value, relatedPackage }
  })

function readAll<T extends object>(
  lines: readonly string[],
  members: readonly string[],
  read: (line: Line) => T | Fault,
): readonly T[] {
  const found = lines.map((line) => lineOf(line, members, read))
  const faults = found.flatMap((one, at) => (typeof one === 'string' ? [`line ${at + 1}: ${one}.`] : []))
  if (faults.length > 0) throw new Unreadable(faults.join('\n'))
  return found as readonly T[]
}

function lineOf<T>(text: string, members: readonly string[], read: (line: Line) => T | Fault): T | Fault {
  const json = readJson(text, { maxDepth: 3, duplicates: 'refuse' })
  if (!json.ok) return `it is no JSON: ${json.why}`
  const { value } = json
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it must be a JSON object'
  const odd = Object.keys(value).find((name) => !members.includes(name))
  return odd === undefined ? read(value as Line) : `it may hold ${members.join(', ')}, and no other member`
}

const isText = (json: Json | undefined, most: number): json is string =>
  typeof json === 'string' && json.trim() !== '' && [...json].length <= most

const isWhole = (json: Json | undefined, most: number): json is number =>
  typeof json === 'number' && Number.isInteger(json) && json >= 0 && json <= most

const isValue = (json: Json | undefined): json is string =>
  typeof json === 'string' && json.length <= 20 && /^\d+(\.\d{1,4})?$/.test(json) && Number(json) > 0

const timeOf = (json: Json | undefined): Seconds | null => (typeof json === 'string' ? readTime(json) : null)
