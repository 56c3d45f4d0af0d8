import type { Command } from 'commander'
import { applyCatalog, catalogFaults, missingChannels } from '../authority/admin.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { Catalog, Offer, Product } from '../domain/catalog.ts'
import type { CatalogFault } from '../domain/catalog-check.ts'
import { catalogDocument, readCatalogFile } from './catalog-file.ts'
import { readText } from './files.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'
import { NOTHING, table } from './table.ts'

/** `licet catalog apply | show`. */
export function addCatalogCommands(licet: Command, { shell, runs }: Program): void {
  const catalog = licet
    .command('catalog')
    .description('What is sold: products, editions, and the offers of each channel')
  command(
    catalog,
    'apply <file>',
    'Replace the catalog; refuses, with every fault of the file, what codes in the field forbid',
    'catalog apply catalog.json',
  ).action(runs((file: string) => apply(shell, file)))
  command(
    catalog,
    'show',
    'Show the catalog; as JSON in the form of its file',
    'catalog show',
    'catalog show --json > catalog.json',
  ).action(runs(() => withAuthority(shell, async (_, snapshot) => show(snapshot))))
}

async function apply(shell: Shell, path: string): Promise<Outcome> {
  const file = readCatalogFile(await readText(shell, path))
  return withAuthority(shell, async (authority, { catalog: current }) => {
    const faults = file.faultsWith(await catalogFaults(authority, file.catalog))
    if (faults.length > 0) return faultsOutcome(path, faults, file.shapely ? 1 : 2)
    const changed = !isSame(current, file.catalog)
    const applied = changed ? await applyCatalog(authority, file.catalog) : null
    if (applied !== null && !applied.ok) return faultsOutcome(path, applied.no, 1)
    const counts = { products: file.catalog.products.length, offers: file.catalog.offers.length }
    const what = `products: ${counts.products}, offers: ${counts.offers}`
    const missing = await missingChannels(authority, file.catalog)
    const text = `${changed ? 'applied' : 'unchanged'}; ${what}`
    if (missing.length === 0) return done({ changed, ...counts }, text)
    return { ...done({ changed, ...counts, missingChannels: missing }, text), note: missingText(missing) }
  })
}

const missingText = (channels: readonly string[]): string =>
  `Nothing is sold yet through ${channels.join(', ')}: "licet channel add" adds a channel.`

/** Each fault with its file and its path. Exit code 2 where the file is not a catalog, 1 where it may not be applied. */
export function faultsOutcome(path: string, faults: readonly CatalogFault[], exit: 1 | 2): Outcome {
  const lines = faults.map(
    (fault) => `  ${path}: ${fault.path === '' ? 'the file' : fault.path} ${fault.sentence}`,
  )
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`
  return {
    type: 'refused',
    exit,
    error: 'catalog_faults',
    sentences: [`${path} has ${count}; nothing was changed.`, ...lines],
    detail: { faults: faults.map((fault) => ({ file: path, ...fault })) },
  }
}

const isSame = (a: Catalog, b: Catalog): boolean =>
  JSON.stringify(catalogDocument(a)) === JSON.stringify(catalogDocument(b))

function show({ catalog }: Snapshot): Outcome {
  const { products, offers } = catalog
  if (products.length === 0)
    return done(catalogDocument(catalog), 'There is no catalog yet; "licet catalog apply" brings one.')
  const text = [...products.map(productText), offers.length === 0 ? 'No offers.' : offersText(offers)].join(
    '\n\n',
  )
  return done(catalogDocument(catalog), text)
}

function productText({
  id,
  code,
  name,
  graceDays,
  statementLife,
  needsDevice,
  features,
  editions,
}: Product): string {
  const head = `${code} (id ${id}): ${name}, ${graceDays} days of grace, statements for ${statementLife / 3_600} hours${needsDevice ? ', bound to devices' : ''}`
  const featureLine = `features: ${features.length === 0 ? NOTHING : features.join(', ')}`
  const rows = editions.map((edition) => [
    `${edition.id}`,
    edition.code,
    edition.features.join(', ') || NOTHING,
  ])
  return [head, featureLine, table(['ID', 'EDITION', 'FEATURES'], rows)].join('\n')
}

function offersText(offers: readonly Offer[]): string {
  const rows = offers.map(({ channel, marketplaceProduct = 'any', sku = 'any', product, edition, seats }) => {
    return [
      channel,
      marketplaceProduct,
      sku,
      product,
      edition,
      seats === 'amount' ? "the order's amount" : seatsText(seats),
    ]
  })
  return table(['CHANNEL', 'MARKETPLACE PRODUCT', 'SKU', 'PRODUCT', 'EDITION', 'SEATS'], rows)
}

const seatsText = (seats: number): string => (seats === 0 ? 'unlimited' : `${seats}`)
