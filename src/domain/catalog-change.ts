import type { Catalog, Edition, Product } from './catalog.ts'
import type { CatalogFault } from './catalog-check.ts'

/**
 * Every fault of replacing one catalog by another. Codes in the field carry numbers alone, so a number
 * once given away keeps its meaning for ever: every product and edition of the current catalog counts as in
 * use and stays under its id and code, and features are only added at the end (contract 6). Names, grace,
 * statement life, an edition's choice of features and the offers may change; they reach later sales.
 *
 * Judges the change alone; `checkCatalog` judges the catalog that would be.
 */
export function checkCatalogChange(current: Catalog, next: Catalog): readonly CatalogFault[] {
  return current.products.flatMap((product) => {
    const kept = sameId(next.products, product)
    const path = `products[${kept}]`
    return [
      ...keptName('product', product, next.products, 'products'),
      ...(kept < 0 ? [] : checkProduct(product, next.products[kept]!, path)),
    ]
  })
}

function checkProduct(current: Product, next: Product, path: string): readonly CatalogFault[] {
  return [
    ...current.features.flatMap((name, place) => keptFeature(name, place, next, `${path}.features`)),
    ...current.editions.flatMap((edition) => keptName('edition', edition, next.editions, `${path}.editions`)),
  ]
}

function keptFeature(
  name: string,
  place: number,
  { features }: Product,
  path: string,
): readonly CatalogFault[] {
  if (features[place] === name) return []
  const moved = features.indexOf(name)
  if (moved < 0)
    return [{ path, sentence: `feature "${name}" must stay at [${place}]: a feature is never removed` }]
  return [
    {
      path: `${path}[${moved}]`,
      sentence: `feature "${name}" must stay at [${place}]: a feature is never moved`,
    },
  ]
}

/** An id and its code belong together for ever; neither is dropped, nor given to another. */
function keptName(
  kind: 'product' | 'edition',
  { id, code }: Product | Edition,
  next: readonly (Product | Edition)[],
  path: string,
): readonly CatalogFault[] {
  const byId = sameId(next, { id })
  const byCode = next.findIndex((other) => other.code === code)
  if (byId < 0 && byCode < 0)
    return [{ path, sentence: `${kind} ${id} "${code}" is in use and must not be dropped` }]
  return [
    ...(byId < 0 || next[byId]!.code === code
      ? []
      : [
          {
            path: `${path}[${byId}].code`,
            sentence: `${kind} id ${id} belongs to "${code}" and is never reused`,
          },
        ]),
    ...(byCode < 0 || next[byCode]!.id === id
      ? []
      : [
          {
            path: `${path}[${byCode}].id`,
            sentence: `${kind} code "${code}" belongs to id ${id} and is never reused`,
          },
        ]),
  ]
}

function sameId(items: readonly { readonly id: number }[], { id }: { readonly id: number }): number {
  return items.findIndex((item) => item.id === id)
}
