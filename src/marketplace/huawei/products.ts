import type { Bought } from '../../authority/marketplace.ts'
import { ID } from './orders.ts'
import type { FieldReader } from './wire.ts'

/** `productInfo`: what is bought or shall be; null where none was sent. */
export function productOf(fields: FieldReader): Bought | null {
  const product = fields.inside('productInfo')
  if (product === null) return null
  return {
    marketplaceProduct: product.text('productId', ID),
    sku: product.optionalText('skuCode', ID),
    quantity: product.word('linearValue'),
  }
}
