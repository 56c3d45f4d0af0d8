import { type Sha256, toHex, utf8 } from '../format/bytes.ts'
import { readJson } from '../format/json.ts'
import { LAST_SECOND } from '../format/limits.ts'
import { isIntegerIn, readAll } from '../format/members.ts'
import type { Speaker, Voice, Word } from './voices.ts'

/**
 * What a program has accepted so far (contract 1.5, "Floors"), each with the name of the key that set it. It is kept
 * by the program as one text and is a speed bump, not a proof: whoever can write the text can also remove it.
 */
export interface Memory {
  /** Version of the newest root manifest accepted; 0 = none yet. */
  readonly root: number
  /** Names of the keys it revokes: they stay revoked when the manifest is not at hand. */
  readonly revoked: readonly string[]
  readonly time: TimeFloor | null
  /** Per product; the one set last is the last. */
  readonly lists: readonly ListFloor[]
  /** Per license; the one set last is the last. */
  readonly licenses: readonly LicenseFloor[]
}

export interface TimeFloor {
  /** Highest time accepted, Unix seconds: at most a day above `signed`. */
  readonly seen: number
  /** Issued at of the newest signed object accepted. */
  readonly signed: number
  readonly key: string
}

export interface ListFloor {
  /** Digest of the product code: a code may be of any length. */
  readonly aud: string
  readonly number: number
  readonly key: string
}

export interface LicenseFloor {
  readonly id: string
  readonly voice: Voice
}

export const EMPTY: Memory = { root: 0, revoked: [], time: null, lists: [], licenses: [] }

const HEAD = 'LS1.'
const CHECK_DIGITS = 16
const DEPTH = 3

/** A state that this verifier wrote is shorter: see the bounds of `floors.ts` and of a manifest. */
const STATE_CHARACTERS = 64 * 1024

/** The text a program stores between verifications. Opaque: only `readMemory` of this product reads it. */
export function writeMemory({ root, revoked, time, lists, licenses }: Memory, sha256: Sha256): string {
  const json = JSON.stringify([
    root,
    revoked,
    time && [time.seen, time.signed, time.key],
    lists.map(({ aud, number, key }) => [aud, number, key]),
    licenses.map(({ id, voice: { by, revision, at, word, key } }) => [id, by, revision, at, word, key]),
  ])
  return HEAD + checkOf(json, sha256) + json
}

/** null for a text that `writeMemory` did not write, or that was damaged since. */
export function readMemory(text: unknown, sha256: Sha256): Memory | null {
  if (typeof text !== 'string' || text.length > STATE_CHARACTERS || !text.startsWith(HEAD)) return null
  const json = text.slice(HEAD.length + CHECK_DIGITS)
  if (text !== HEAD + checkOf(json, sha256) + json) return null
  const read = readJson(json, { maxDepth: DEPTH, duplicates: 'refuse' })
  return read.ok && Array.isArray(read.value) ? readParts(read.value) : null
}

const checkOf = (json: string, sha256: Sha256): string => toHex(sha256(utf8(json))).slice(0, CHECK_DIGITS)

function readParts(parts: readonly unknown[]): Memory | null {
  const [root, revokedItems, timeItem, listItems, licenseItems] = parts
  const revoked = readAll(revokedItems, (item) => (isName(item) ? item : null))
  const time = timeItem === null ? null : readTime(timeItem)
  const lists = readAll(listItems, readList)
  const licenses = readAll(licenseItems, readLicense)
  if (!isIntegerIn(root, 0, Number.MAX_SAFE_INTEGER) || time === undefined) return null
  return revoked && lists && licenses ? { root, revoked, time, lists, licenses } : null
}

const KEY_NAME = /^[0-9a-f]{64}$/
const isName = (value: unknown): value is string => typeof value === 'string' && KEY_NAME.test(value)
const isTime = (value: unknown): value is number => isIntegerIn(value, 0, LAST_SECOND)

function readTime(item: unknown): TimeFloor | undefined {
  const [seen, signed, key] = Array.isArray(item) ? (item as readonly unknown[]) : []
  return isTime(seen) && isTime(signed) && isName(key) ? { seen, signed, key } : undefined
}

function readList(item: unknown): ListFloor | null {
  const [aud, number, key] = Array.isArray(item) ? (item as readonly unknown[]) : []
  if (typeof aud !== 'string' || !isIntegerIn(number, 0, 0xffffffff) || !isName(key)) return null
  return { aud, number, key }
}

const SPEAKERS: readonly unknown[] = ['code', 'statement', 'list'] satisfies Speaker[]
const WORDS: readonly unknown[] = ['active', 'pending', 'superseded', 'frozen', 'released'] satisfies Word[]
const isSpeaker = (value: unknown): value is Speaker => SPEAKERS.includes(value)
const isWord = (value: unknown): value is Word => WORDS.includes(value)

function readLicense(item: unknown): LicenseFloor | null {
  const [id, by, revision, at, word, key] = Array.isArray(item) ? (item as readonly unknown[]) : []
  if (typeof id !== 'string' || !isSpeaker(by) || !isWord(word) || !isName(key)) return null
  return isIntegerIn(revision, 0, 0xffff) && isTime(at)
    ? { id, voice: { by, revision, at, word, key } }
    : null
}
