import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import { type KeyPair, sealKey } from '../authority/ceremony/root-key.ts'
import type { KeyUsage } from '../authority/key-store.ts'
import { type AddedKey, addKey, addSpare, type WantedKey } from '../authority/keys/add.ts'
import type { Order, Taken } from '../authority/keys/step.ts'
import { rfc3339 } from '../authority/view.ts'
import { type Catalog, productNamed } from '../domain/catalog.ts'
import type { Seconds } from '../domain/time.ts'
import { fileIfThere } from './files.ts'
import { type Ordering, ordered, orderOf, toldAs } from './keys-order.ts'
import { keyRefusalOutcome } from './keys-refusals.ts'
import { areThere, writeRequests } from './keys-request.ts'
import { time, timeOrNow, usage, wholeNumber, word } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { newPassphrase, openKeyFile } from './secrets.ts'
import { type Shell, Unreadable } from './shell.ts'
import { sheet } from './table.ts'

interface Given extends Ordering {
  readonly usage: KeyUsage
  readonly from?: Seconds | 'now'
  readonly to?: Seconds
  readonly product?: string
  readonly maxTerm: number
  readonly spare?: boolean
  readonly privateFile?: string
  readonly passphraseFile?: string
  readonly requestFile?: string
}

/** A certificate has 8 bits for the longest term (contract 1.2). */
const months = wholeNumber(0, 255)

/** `licet keys add`: a pending key and the request for its certificate. */
export function addAddCommand(keys: Command, { shell, runs }: Program): void {
  ordered(
    command(
      keys,
      'add',
      'Make a pending signing key and write the request for its certificate',
      'keys add --request-file request-codes.txt',
      'keys add --usage statements --request-file request-statements.txt',
      'keys add --spare --private-file spare-1.key --request-file request-spare-1.txt',
      'keys add --spare --from now --private-file leak.key --request-file request-leak.txt',
    ),
  )
    .option('--usage <usage>', 'what it signs: codes, statements or lists', usage, 'codes')
    .option(
      '--from <time>',
      'first second of its window, or "now"; left out: now, or of a spare, 90 days before the last window ends',
      timeOrNow,
    )
    .option('--to <time>', 'first second after its window; left out: 366 days later', time)
    .option('--product <id>', 'the only product it may sign for, by id or code', word)
    .option('--max-term <months>', 'longest term it may sign, in months of 31 days; 0 is any', months, 0)
    .option('--spare', 'keep only the public part here; the private part goes into --private-file')
    .option('--private-file <file>', 'with --spare: where the private part goes, sealed under a passphrase')
    .option('--passphrase-file <file>', 'with --spare: file with the passphrase; asked for when left out')
    .option('--request-file <file>', 'where the request goes, besides being printed')
    .action(runs((given: Given) => add(shell, given)))
}

async function add(shell: Shell, given: Given): Promise<Outcome> {
  const { spare = false, privateFile, passphraseFile } = given
  if (spare !== (privateFile !== undefined)) throw new Unreadable('Give --spare and --private-file together.')
  if (!spare && passphraseFile !== undefined) throw new Unreadable('--passphrase-file goes with --spare.')
  return withAuthority(shell, async (authority, { catalog }) => {
    const wanted = wantedOf(given, catalog, shell.now())
    const order = orderOf(shell, given)
    const pair = privateFile === undefined ? undefined : await sparePair(shell, authority, privateFile, given)
    const make = (how: Order) =>
      pair === undefined ? addKey(authority, wanted, how) : addSpare(authority, wanted, pair, how)
    // Judged before anything is made, so that a file that is in the way leaves all as it was.
    const planned = await make({ ...order, dryRun: true })
    if (!planned.ok) return keyRefusalOutcome(planned.no)
    await mustTake(shell, given.requestFile, planned.value)
    const added = await make(order)
    if (!added.ok) return keyRefusalOutcome(added.no)
    return outcomeOf(shell, added.value, given)
  })
}

function wantedOf(given: Given, catalog: Catalog, now: Seconds): WantedKey {
  const { usage, to, product, maxTerm } = given
  const found = product === undefined ? null : productNamed(catalog, product)
  if (product !== undefined && found === null)
    throw new Unreadable(`--product ${product}: the catalog has no such product.`)
  return { usage, from: fromOf(given, now), to: to ?? null, product: found?.id ?? 0, maxTermMonths: maxTerm }
}

/** "now" is what any key but a spare gets unasked, so that the command said twice a second later means the same key. */
function fromOf({ from, spare = false }: Given, now: Seconds): Seconds | null {
  if (from === undefined) return null
  if (from !== 'now') return from
  return spare ? now : null
}

/**
 * The pair of a spare, which lies in its file before the key is known here. A file that is there already is of an
 * attempt that was interrupted, or of this very key: its pair is taken again.
 */
async function sparePair(
  shell: Shell,
  { crypto }: Authority,
  file: string,
  given: Given,
): Promise<KeyPair | null> {
  const { dryRun, passphraseFile = null } = given
  if ((await fileIfThere(shell, file)) !== null) return openKeyFile(shell, file, 'spare', passphraseFile)
  if (dryRun) return null
  if (given.requestFile !== undefined) await shell.mustBeFree(given.requestFile)
  const passphrase = await newPassphrase(shell, `the spare in ${file}`, passphraseFile)
  const pair = crypto.newKeyPair()
  await shell.write(file, await sealKey(shell.passphrases, crypto, passphrase, 'spare', pair), 'private')
  return pair
}

/** Throws `Unreadable` where the request of a new key would meet a file, or that of one that waits another text. */
async function mustTake(
  shell: Shell,
  file: string | undefined,
  { changed, request }: Taken<AddedKey>,
): Promise<void> {
  if (file === undefined) return
  if (changed) return shell.mustBeFree(file)
  if (request !== null) await areThere(shell, file, [request])
}

/** A disk that is full or a directory that is missing: the key is made, and its request is not lost. */
const unwritten =
  (kid: string | null) =>
  (thrown: unknown): never => {
    if (!(thrown instanceof Unreadable)) throw thrown
    throw new Unreadable(
      `${thrown.message} Key ${kid} is made; "licet keys request ${kid} --request-file FILE" writes its request.`,
    )
  }

async function outcomeOf(shell: Shell, added: Taken<AddedKey>, given: Given): Promise<Outcome> {
  const { kid, changed, request, from, to } = added
  const { dryRun = false, requestFile, privateFile } = given
  if (request !== null && requestFile !== undefined && !dryRun)
    await writeRequests(shell, requestFile, [request]).catch(unwritten(kid))
  const what = `${added.spare ? 'spare' : 'key'} for ${added.usage}, from ${rfc3339(from)} to ${rfc3339(to)}`
  const told = toldAs(dryRun, changed, {
    done: `Made ${kid === null ? 'a' : `${kid}, a`} ${what}.`,
    already: `Key ${kid} is there already and waits for its certificate: a ${what}.`,
  })
  const facts = sheet([
    ['serial', `${added.serial}`],
    ['product', added.product === 0 ? 'every one' : `${added.product}`],
    ['longest term', added.maxTermMonths === 0 ? 'any' : `${added.maxTermMonths} months of 31 days`],
    ['private part', privateFile ?? 'here, sealed'],
    ['request file', requestFile ?? null],
  ])
  const json = { ...added, from: rfc3339(from), to: rfc3339(to), dryRun, privateFile: privateFile ?? null }
  return done(json, [told, facts, ...(request === null ? [] : [request])].join('\n\n'))
}
