import type { Command } from 'commander'
import { addAccessKey, addChannel, removeAccessKey } from '../authority/admin.ts'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { StoredChannel } from '../authority/ports.ts'
import { rfc3339 } from '../authority/view.ts'
import { addOpenApiCommand } from './channel-open-api.ts'
import { addSetCommand } from './channel-pages.ts'
import { refusalOutcome } from './errors.ts'
import { readFirstLine } from './files.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'
import { table } from './table.ts'

const ACCESS_KEY_FILE = [
  '--access-key-file <file>',
  'its first line is the access key (never an argument)',
] as const

/** `licet channel add | list | set | add-key | remove-key | set-open-api`. */
export function addChannelCommands(licet: Command, program: Program): void {
  const { shell, runs } = program
  const channel = licet
    .command('channel')
    .description('The marketplaces that call this server, and their access keys')
  command(
    channel,
    'add <name>',
    'Add a channel with its first access key',
    'channel add huawei --kind huawei --access-key-file access-key.txt --time-zone Asia/Shanghai',
  )
    .requiredOption('--kind <kind>', 'kind of marketplace: huawei')
    .requiredOption(...ACCESS_KEY_FILE)
    .option('--time-zone <zone>', "the marketplace's times: an IANA name or ±HH:MM", 'UTC')
    .action(runs((name: string, given: NewChannel) => add(shell, name, given)))
  command(
    channel,
    'list',
    'Show the channels and the ids of their access keys',
    'channel list --json',
  ).action(runs(() => withAuthority(shell, list)))
  command(
    channel,
    'add-key <name>',
    'Add a further access key; the old ones stay live',
    'channel add-key huawei --access-key-file next-key.txt',
  )
    .requiredOption(...ACCESS_KEY_FILE)
    .action(runs((name: string, { accessKeyFile }: KeyFile) => addKey(shell, name, accessKeyFile)))
  command(
    channel,
    'remove-key <name> <keyid>',
    'Remove an access key, by the id that "channel list" shows',
    'channel remove-key huawei 1f0c2a9b',
  ).action(runs((name: string, keyId: string) => removeKey(shell, name, keyId)))
  addOpenApiCommand(channel, program)
  addSetCommand(channel, { shell, runs })
}

interface KeyFile {
  readonly accessKeyFile: string
}

interface NewChannel extends KeyFile {
  readonly kind: string
  readonly timeZone: string
}

async function add(
  shell: Shell,
  name: string,
  { kind, timeZone, accessKeyFile }: NewChannel,
): Promise<Outcome> {
  const accessKey = await readFirstLine(shell, accessKeyFile)
  return withAuthority(shell, async (authority) => {
    const added = await addChannel(authority, { name, kind, timeZone, accessKey })
    if (!added.ok) return refusalOutcome(added.no)
    const address = callbackAddress(authority, name)
    const outcome = done(
      { name, kind, timeZone, callbackUrl: address, accessKeyId: added.value },
      `added: channel ${name}, access key ${added.value}\nProduction address for the marketplace's console: ${address}`,
    )
    return shell.isPublic ? outcome : { ...outcome, note: LOCAL_ADDRESS }
  })
}

const LOCAL_ADDRESS =
  'The address below is a local one: a marketplace needs your public HTTPS address, so set LICET_PUBLIC_URL to it.'

async function addKey(shell: Shell, name: string, file: string): Promise<Outcome> {
  const secret = await readFirstLine(shell, file)
  return withAuthority(shell, async (authority) => {
    const added = await addAccessKey(authority, name, secret)
    if (!added.ok) return refusalOutcome(added.no)
    return done({ name, accessKeyId: added.value }, `added: access key ${added.value} of channel ${name}`)
  })
}

function removeKey(shell: Shell, name: string, keyId: string): Promise<Outcome> {
  return withAuthority(shell, async (authority) => {
    const removed = await removeAccessKey(authority, name, keyId)
    if (!removed.ok) return refusalOutcome(removed.no)
    return done({ name, accessKeyId: keyId }, `removed: access key ${keyId} of channel ${name}`)
  })
}

async function list(authority: Authority, { channels }: Snapshot): Promise<Outcome> {
  const items = (await authority.store.channels()).map((channel) => {
    const { frontEnd = null, admin = null } = channels.get(channel.name)?.pages ?? {}
    return { ...shown(authority, channel), frontEndUrl: frontEnd, adminUrl: admin }
  })
  if (items.length === 0) return done({ items }, 'There is no channel yet; "licet channel add" adds one.')
  const rows = items.map(({ name, kind, timeZone, accessKeys, callbackUrl }) => {
    return [name, kind, timeZone, accessKeys.map(({ id }) => id).join(' '), callbackUrl]
  })
  return done({ items }, table(['CHANNEL', 'KIND', 'TIME ZONE', 'ACCESS KEYS', 'PRODUCTION ADDRESS'], rows))
}

function shown(authority: Authority, { name, kind, timeZone, keys, openApi }: StoredChannel) {
  const accessKeys = keys.map(({ id, createdAt }) => ({ id, createdAt: rfc3339(createdAt) }))
  const called = openApi && { site: openApi.site, since: rfc3339(openApi.since) }
  return { name, kind, timeZone, callbackUrl: callbackAddress(authority, name), accessKeys, openApi: called }
}

const callbackAddress = ({ issuer }: Authority, channel: string): string => `${issuer}/callbacks/${channel}`
