/** A marketplace to be played before a seller's server. */
export interface SimulateOrder {
  readonly kind: string
  /** The production address, without a query. */
  readonly address: string
  readonly accessKey: string
  /** Of the joint-operation kit; null: it is not played. */
  readonly kitAccessKey: string | null
  /** Who may call its open APIs; null: they are not served. */
  readonly credentials: { readonly accessKeyId: string; readonly secret: string } | null
  readonly listen: { readonly host: string; readonly port: number }
  /** Milliseconds on the wall that a day of the marketplace lasts. */
  readonly dayMs: number
  readonly families: readonly string[]
  readonly product: { readonly productId: string; readonly sku: string | null; readonly quantity: number }
  /** Lines of commands in place of the tour; null: a tour of each family. */
  readonly script: readonly string[] | null
  /** How many days pass afterwards; null: the console, where there is a terminal, else none. */
  readonly days: number | null
  readonly json: boolean
}
