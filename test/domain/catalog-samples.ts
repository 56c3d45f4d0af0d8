import type { Catalog, Product } from '../../src/domain/catalog.ts'

export const CAD: Product = {
  id: 1001,
  code: 'cad-pro',
  name: 'CAD Pro',
  graceDays: 3,
  statementLife: 86_400,
  features: ['render', 'export', 'simulate'],
  editions: [
    { id: 1, code: 'standard', features: ['render'] },
    { id: 2, code: 'flagship', features: ['render', 'export', 'simulate'] },
  ],
}

export const CATALOG: Catalog = {
  products: [CAD],
  offers: [
    {
      channel: 'huawei',
      marketplaceProduct: 'OFFI123',
      sku: 'sku-gold',
      product: 'cad-pro',
      edition: 'flagship',
      seats: 'amount',
    },
  ],
}

export const withProduct = (over: Partial<Product>): Catalog => ({
  ...CATALOG,
  products: [{ ...CAD, ...over }],
})
