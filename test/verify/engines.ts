import * as fallback from '../../src/verify/fallback.ts'
import * as node from '../../src/verify/node.ts'
import * as web from '../../src/verify/web.ts'

/** The three entries that a program can import, by name. */
export const ENTRIES = { 'node:crypto': node, WebCrypto: web, tweetnacl: fallback } as const

export type EntryName = keyof typeof ENTRIES

export const ENTRY_NAMES = Object.keys(ENTRIES) as EntryName[]
