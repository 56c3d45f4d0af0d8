import type { Command } from 'commander'
import { type Catalog, findProduct, type Product, productNamed } from '../domain/catalog.ts'
import type { Seconds } from '../domain/time.ts'
import type { Trust, Verdict, VerifyOptions } from '../verify/index.ts'
import { faultsOutcome } from './catalog.ts'
import { type CatalogFile, faultsOf, readCatalogFile } from './catalog-file.ts'
import { readText } from './files.ts'
import { readManifests, trustIn, verifierOf } from './manifests.ts'
import { type MetFiles, readMet } from './met.ts'
import { time, word } from './options.ts'
import type { Outcome } from './output.ts'
import { command, type Program } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'
import { verdictDocument, verdictText } from './verdict-text.ts'

/** `licet verify`: what shipped software would say of a license text, without the database and without a network. */
export function addVerifyCommand(licet: Command, { shell, runs }: Program): void {
  command(
    licet,
    'verify <file>',
    'Judge a license text or a license file offline; exit code 1 when it is not valid',
    'verify license.txt',
    'verify - --root root-manifest.json --product 1001 --at 2027-06-30 < license.txt',
    'verify license.txt --catalog catalog.json --product cad-pro --json',
    'verify customer.lic --list list.jwt --manifests keys.json',
  )
    .option('--root <file>', 'a root manifest or a chain of them; without it, those of the data directory')
    .option('--product <id>', 'the product it must be for: its id, or with --catalog its code', word)
    .option('--catalog <file>', 'a catalog file, to show names in place of numbers')
    .option('--fingerprint <text>', 'the device it is to run on')
    .option('--at <time>', 'judge as of this time: RFC 3339, or YYYY-MM-DD', time)
    .option('--statement <file>', 'the newest statement about it')
    .option('--list <file>', 'the newest revocation list of the product')
    .option('--manifests <file>', 'root manifests met since the pinned ones, or an answer of GET /v1/keys')
    .option('--nonce <text>', 'what the statement must echo to count as made now', word)
    .option('--state <file>', 'what the program has stored; it is read, and never written')
    .option('--build-time <time>', 'when the program was built: RFC 3339, or YYYY-MM-DD', time)
    .action(runs((file: string, given: Given) => verify(shell, file, given)))
}

interface Given extends MetFiles {
  readonly root?: string
  readonly product?: string
  readonly catalog?: string
  readonly fingerprint?: string
  readonly at?: Seconds
}

async function verify(shell: Shell, file: string, given: Given): Promise<Outcome> {
  const catalog = given.catalog === undefined ? null : await readCatalog(shell, given.catalog)
  if (catalog !== null && faultsOf(catalog).length > 0)
    return faultsOutcome(given.catalog!, faultsOf(catalog), 2)
  const product = given.product === undefined ? null : productIn(catalog?.catalog ?? null, given.product)
  const trust = await trustOf(shell, given.root ?? null)
  const met = await readMet(shell, given.root, given)
  // Bytes that are no text become characters that stand in no code: `malformed`, like any other wrong text.
  const text = new TextDecoder().decode(await shell.read(file))
  const verdict = judge(shell, text, trust, catalog?.catalog ?? null, product, optionsOf(shell, given, met))
  return {
    type: 'answer',
    exit: verdict.valid ? 0 : 1,
    json: verdictDocument(verdict),
    text: verdictText(verdict),
  }
}

const readCatalog = async (shell: Shell, path: string): Promise<CatalogFile> =>
  readCatalogFile(await readText(shell, path))

/** The product asked for: known to the catalog, or a bare number. */
function productIn(catalog: Catalog | null, name: string): Product | number {
  const product = catalog && productNamed(catalog, name)
  if (product) return product
  if (/^\d{1,10}$/.test(name)) return Number(name)
  const why =
    catalog === null
      ? 'a product code needs --catalog FILE to be looked up in'
      : 'the catalog has no such product'
  throw new Unreadable(`--product ${name}: ${why}.`)
}

async function trustOf(shell: Shell, file: string | null): Promise<Trust> {
  if (file !== null) return (await readManifests(shell, file)).trust
  const texts = await shell.pinnedManifests()
  if (texts === null)
    throw new Unreadable('There is no root to verify under: give --root FILE, or set LICET_DATA.')
  return trustIn(shell, 'the data directory', texts)
}

const optionsOf = (shell: Shell, { at, fingerprint }: Given, met: Partial<VerifyOptions>): VerifyOptions => ({
  ...met,
  now: at ?? shell.now(),
  ...(fingerprint !== undefined && { device: fingerprint }),
})

/** Without a product asked for, the catalog's names are those of the product the code is for. */
function judge(
  shell: Shell,
  text: string,
  trust: Trust,
  catalog: Catalog | null,
  product: Product | number | null,
  asked: VerifyOptions,
): Verdict {
  const { verifySync } = verifierOf(shell)
  const verdict = verifySync(text, trust, product === null ? asked : { ...asked, product })
  const named =
    catalog && product === null && verdict.license ? findProduct(catalog, verdict.license.product) : null
  return named === null ? verdict : verifySync(text, trust, { ...asked, product: named })
}
