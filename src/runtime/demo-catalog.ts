import type { Catalog } from '../domain/catalog.ts'
import { SECONDS_PER_DAY } from '../domain/time.ts'

/** What the demonstration sells. */
export const DEMO_CATALOG: Catalog = {
  products: [
    {
      id: 1001,
      code: 'cad-pro',
      name: 'CAD Pro',
      graceDays: 3,
      statementLife: SECONDS_PER_DAY,
      features: ['render', 'export', 'simulate'],
      editions: [{ id: 2, code: 'flagship', features: ['render', 'export', 'simulate'] }],
    },
  ],
  offers: [{ channel: 'huawei', sku: 'sku-gold', product: 'cad-pro', edition: 'flagship', seats: 'amount' }],
}
