/** Rows of the kit's tables; part of `Database`. */

export interface KitPartRow {
  channel: string
  kind: string
  instance: string
  tenant: string
  replaced_at: number
}

export interface KitEntryRow {
  id: string
  channel: string
  kind: string
  instance: string
  tenant: string
  sealed: string | null
  sent_at: number
  at: number
}
