import type { Command } from 'commander'
import { keysNow } from '../authority/keys/now.ts'
import { waitingKeys } from '../authority/keys/request.ts'
import { fileIfThere } from './files.ts'
import { keyRefusalOutcome } from './keys-refusals.ts'
import { keyNames } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'

interface Given {
  readonly requestFile?: string
}

/** `licet keys request`: the certification requests again, all in one file for one ceremony. */
export function addRequestCommand(keys: Command, { shell, runs }: Program): void {
  command(
    keys,
    'request [kid...]',
    'Write the certification requests of keys: of those named, or of all that wait',
    'keys request --request-file requests.txt',
    'keys request 0a1b2c3d',
  )
    .option('--request-file <file>', 'where the requests go, besides being printed')
    .action(runs((kids: readonly string[], given: Given) => request(shell, keyNames(kids), given)))
}

function request(shell: Shell, kids: readonly string[], { requestFile }: Given): Promise<Outcome> {
  return withAuthority(shell, async (authority) => {
    const now = await keysNow(authority)
    const unknown = kids.find((kid) => !now.keys.some((key) => key.kid === kid))
    if (unknown !== undefined) return keyRefusalOutcome({ reason: 'key_unknown', kid: unknown })
    const asking =
      kids.length > 0 ? now.keys.filter(({ kid }) => kids.includes(kid)) : waitingKeys(now, authority.crypto)
    const mute = asking.find((key) => key.request === null)
    if (mute !== undefined) return keyRefusalOutcome({ reason: 'no_request', kid: mute.kid })
    const requests = asking.flatMap((key) => key.request ?? [])
    if (requests.length === 0)
      return done({ items: [], requestFile: null }, 'No key waits for a certificate.')
    if (requestFile !== undefined) await writeRequests(shell, requestFile, requests)
    const items = asking.map(({ kid, usage, request }) => ({ kid, usage, request }))
    return done({ items, requestFile: requestFile ?? null }, requests.join('\n'))
  })
}

/** Writes a request file; nothing when it is there with these very requests. Throws `Unreadable` otherwise. */
export async function writeRequests(shell: Shell, file: string, requests: readonly string[]): Promise<void> {
  if (!(await areThere(shell, file, requests))) await shell.write(file, textOf(requests), 'public')
}

/** Whether a file holds these very requests already; false when there is none. Throws `Unreadable` otherwise. */
export async function areThere(shell: Shell, file: string, requests: readonly string[]): Promise<boolean> {
  const there = await fileIfThere(shell, file)
  if (there === null) return false
  if (there === textOf(requests)) return true
  throw new Unreadable(`${file} exists already and holds something else; give another name.`)
}

const textOf = (requests: readonly string[]): string => `${requests.join('\n')}\n`
