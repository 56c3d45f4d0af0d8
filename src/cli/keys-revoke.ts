import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import { type ReissuedAll, reissueAll } from '../authority/keys/reissue-all.ts'
import { type Revoked, revokeKey } from '../authority/keys/revoke.ts'
import type { Taken } from '../authority/keys/step.ts'
import type { Actor } from '../authority/ports.ts'
import { rfc3339 } from '../authority/view.ts'
import type { Seconds } from '../domain/time.ts'
import { readRevocationRequest, writeRevocationRequest } from '../format/revocation-request.ts'
import { readText } from './files.ts'
import { orderOf, withOpened } from './keys-order.ts'
import { keyRefusalOutcome } from './keys-refusals.ts'
import { revokedText } from './keys-revoke-text.ts'
import { keyNames, time, word } from './options.ts'
import { type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import { type Opened, type Shell, Unreadable } from './shell.ts'

interface Given {
  readonly compromisedAt: Seconds
  readonly reason: string
  readonly requestFile?: string
  readonly dryRun?: boolean
}

/** `licet keys revoke`: the day of a leak. Run again, it goes on where it stopped. */
export function addRevokeCommand(keys: Command, { shell, runs }: Program): void {
  command(
    keys,
    'revoke <kid>',
    'End a key that may be in other hands, and sign its licenses again under another',
    'keys revoke 0a1b2c3d --compromised-at 2026-11-20 --reason "laptop stolen"',
    'keys revoke 0a1b2c3d --compromised-at 2026-11-20 --reason "laptop stolen" --request-file revocation.json',
  )
    .requiredOption(
      '--compromised-at <time>',
      'since when, as far as is known; public, in the root manifest',
      time,
    )
    .requiredOption('--reason <text>', 'why; public, in the root manifest, and kept in the history', word)
    .option('--request-file <file>', 'write what the root has to sign, where the root lies elsewhere')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(runs((kid: string, given: Given) => revoke(shell, kid, given)))
}

async function revoke(shell: Shell, kid: string, given: Given): Promise<Outcome> {
  keyNames([kid])
  if (given.compromisedAt > shell.now())
    throw new Unreadable('--compromised-at is not over yet; give when it was.')
  const pinned = (await shell.pinnedManifests())?.length ?? 0
  return withOpened(shell, async (opened) => {
    const stored = (await opened.authority.store.manifests()).length
    return pinned > stored ? olderDatabase() : revokeOn(shell, opened, kid, given)
  })
}

/** A second manifest of one version would divide the software that met the first from all other. */
const olderDatabase = (): Outcome =>
  refused(
    1,
    'manifests_behind',
    'The database is older than root-manifests.json beside it, as after a restore: run "licet keys import" on that file first. Nothing was changed.',
  )

async function revokeOn(
  shell: Shell,
  { authority, developmentRoot }: Opened,
  kid: string,
  given: Given,
): Promise<Outcome> {
  const { compromisedAt, reason, requestFile, dryRun = false } = given
  const order = orderOf(shell, given)
  const compromise = { kid, at: compromisedAt, reason }
  const wanted = requestFile === undefined || (await isWritten(shell, requestFile, kid)) ? null : requestFile
  const done = await revokeKey(authority, compromise, developmentRoot.open(), order)
  if (!done.ok) return keyRefusalOutcome(done.no)
  const { request, usage, active, changed } = done.value
  if (wanted !== null && request !== null && !dryRun)
    await shell.write(wanted, writeRevocationRequest(request), 'public')
  const holders = usage === 'codes' ? await authority.store.countOfKey(kid) : 0
  const again = { ...order.by, reason: `key ${kid} revoked: ${reason}` }
  // Also without holders: a running server may sign with the key for a moment yet.
  const isDue = usage === 'codes' && active !== null && !dryRun && (changed || holders > 0)
  const reissued = isDue ? await reissueHolders(shell, authority, done.value, holders, again) : null
  return outcomeOf(done.value, { dryRun, holders, reissued, requestFile: requestFile ?? null })
}

/** Whether an earlier run wrote the file; throws `Unreadable`, before anything is done, when it is another's. */
async function isWritten(shell: Shell, path: string, kid: string): Promise<boolean> {
  const text = await readText(shell, path).catch(() => null)
  if (text === null) return false
  if (readRevocationRequest(text, shell.crypto.sha256)?.kid === kid) return true
  throw new Unreadable(`The file ${path} exists already, and nothing is replaced; give another name.`)
}

async function reissueHolders(
  shell: Shell,
  authority: Authority,
  { kid }: Revoked,
  holders: number,
  by: Actor,
): Promise<ReissuedAll> {
  const every = Math.max(1, Math.min(5_000, Math.ceil(holders / 10)))
  const reissued = await reissueAll(authority, kid, by, {
    progress: (done) => {
      if (done % every === 0) shell.err(`${done} of ${holders} licenses …\n`)
    },
    pause: shell.pause,
  })
  const { ended, failed } = reissued
  const detail = { reissued: reissued.reissued, ended, failed }
  const events = [{ kid, type: 'reissue_finished', detail } as const]
  if (reissued.reissued > 0) await authority.store.changeKeys({ events, by, at: authority.ambient.now() })
  return reissued
}

export interface RevokeResult {
  readonly dryRun: boolean
  /** Active licenses whose newest code was of the key, before any was signed again. */
  readonly holders: number
  /** null when nothing was signed again. */
  readonly reissued: ReissuedAll | null
  readonly requestFile: string | null
}

function outcomeOf(revoked: Taken<Revoked>, result: RevokeResult): Outcome {
  const { request, hindered, ...rest } = revoked
  const { dryRun, holders, requestFile, reissued } = result
  const { reissued: signed = 0, ended = 0, failed = 0, failures = [] } = reissued ?? {}
  const json = {
    ...rest,
    hindered: hindered.map(({ kid, isHere, opens }) => ({
      kid,
      privatePart: isHere ? 'here' : 'away',
      opens: opens === null ? null : rfc3339(opens),
    })),
    dryRun,
    request: request === null ? null : JSON.parse(writeRevocationRequest(request)),
    requestFile: request === null || dryRun ? null : requestFile,
    holders,
    reissued: signed,
    ended,
    failed,
    failures,
  }
  return { type: 'answer', exit: failed > 0 ? 1 : 0, json, text: revokedText(revoked, result) }
}
