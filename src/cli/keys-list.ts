import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { StoredKey } from '../authority/key-store.ts'
import type { KeyringKey } from '../authority/keyring.ts'
import { keysNow } from '../authority/keys/now.ts'
import { requestOf } from '../authority/keys/request.ts'
import { rfc3339 } from '../authority/view.ts'
import { daysLeft, daysUntilOpen } from '../domain/keyring.ts'
import type { Seconds } from '../domain/time.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { NOTHING, table } from './table.ts'

/** `licet keys list`: the signing keys, without their private parts. */
export function addListCommand(keys: Command, { shell, runs }: Program): void {
  command(keys, 'list', 'Show the signing keys and how long they may still sign', 'keys list --json').action(
    runs(() => withAuthority(shell, list)),
  )
}

async function list(authority: Authority, { keyring }: Snapshot): Promise<Outcome> {
  const { keys } = await keysNow(authority)
  const knownAs = (wanted: string) => keyring.known.find(({ kid }) => kid === wanted)
  const items = keys.map((key) => shown(authority, key, knownAs(key.kid)))
  const rows = items.map((item) => [
    item.kid,
    item.usage,
    item.spare ? `${item.status}, spare` : item.status,
    windowText(item),
    daysText(item, knownAs(item.kid), authority.ambient.now()),
    item.privatePart,
    item.publishedSince ?? NOTHING,
  ])
  const { developmentRoot, rootVersion } = keyring
  const root = developmentRoot
    ? 'a development root, whose private key lies on this machine'
    : 'a root that lies elsewhere'
  return done(
    { items, rootVersion, developmentRoot },
    `${table(HEADINGS, rows)}\n\nCertified by ${root}; root manifest version ${rootVersion}.`,
  )
}

const HEADINGS = ['KEY', 'USAGE', 'STATUS', 'ISSUING WINDOW', 'DAYS LEFT', 'PRIVATE PART', 'PUBLISHED SINCE']

type Item = ReturnType<typeof shown>

function windowText({ windows, requested, status }: Item): string {
  const window = windows.map(({ from, to }) => `${from} to ${to}`).join(', ')
  if (window !== '') return window
  if (hasEnded(status)) return NOTHING
  return requested === null
    ? 'waits for its certificate'
    : `waits for its certificate (asked: ${requested.from} to ${requested.to})`
}

/** A window that opens later has no days left either, and is not over; that of a key that ended never opens. */
function daysText({ windows, daysLeft, status }: Item, known: KeyringKey | undefined, now: Seconds): string {
  if (windows.length === 0) return NOTHING
  const until = known === undefined || hasEnded(status) ? null : daysUntilOpen(known, now)
  return until === null ? `${daysLeft}` : `opens in ${Math.ceil(until)}`
}

function shown({ ambient, crypto }: Authority, key: StoredKey, known: KeyringKey | undefined) {
  const { kid, usage, status, spare, certifiedAt } = key
  const certificates = known?.certificates ?? []
  const window = ({ from, to }: { from: number; to: number }) => ({ from: rfc3339(from), to: rfc3339(to) })
  const asked = requestOf(key, crypto)
  return {
    kid,
    usage,
    status,
    spare,
    windows: distinct(certificates.map(window)),
    daysLeft: Math.floor(daysLeft({ usage, certificates }, ambient.now())),
    requested: certificates.length > 0 || asked === null || hasEnded(status) ? null : window(asked),
    privatePart: privatePartOf(key),
    publishedSince: certifiedAt === null ? null : rfc3339(certifiedAt),
  }
}

/** It waits for nothing: no certificate lets it sign again. */
const hasEnded = (status: StoredKey['status']): boolean => status === 'retired' || status === 'revoked'

/** Several roots sign one certificate each for the same window. */
const distinct = <T extends { from: string; to: string }>(windows: readonly T[]): readonly T[] =>
  windows.filter((one, i) => windows.findIndex(({ from, to }) => from === one.from && to === one.to) === i)

/** Where the private part is: sealed in this database, in the file of a spare, or nowhere any more. */
function privatePartOf({ sealed, spare, status }: StoredKey): 'here' | 'away' | 'destroyed' {
  if (sealed !== null) return 'here'
  return spare && status === 'pending' ? 'away' : 'destroyed'
}
