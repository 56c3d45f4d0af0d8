/** Why a file is no usable export (docs/export.md), with the number of its line from 1. */
export type ExportFault =
  | { readonly reason: 'not_an_export' }
  | { readonly reason: 'compressed' }
  | { readonly reason: 'newer_format'; readonly version: number; readonly known: number }
  | {
      readonly reason: 'other_schema'
      readonly schema: number
      readonly known: number
      readonly program: string
    }
  /** `line` is the last whole one. */
  | { readonly reason: 'truncated'; readonly line: number }
  | { readonly reason: 'unreadable_line'; readonly line: number }
  | { readonly reason: 'unknown_table'; readonly line: number; readonly table: string }
  | { readonly reason: 'missing_table'; readonly table: string }
  | {
      readonly reason: 'unknown_column' | 'wrong_value'
      readonly line: number
      readonly table: string
      readonly column: string
    }
  | {
      readonly reason: 'out_of_order'
      readonly line: number
      readonly table: string
      readonly after: string
    }
  | { readonly reason: 'damaged' }
  | { readonly reason: 'after_end'; readonly line: number }
