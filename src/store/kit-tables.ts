import type { Database } from './schema.ts'
import type { Moved } from './tables.ts'

/** What an export holds of the kit; part of `TABLES`. */
export const KIT_TABLES = {
  kit_parts: {
    key: ['channel', 'kind', 'instance', 'tenant'],
    columns: { channel: 'text', kind: 'text', instance: 'text', tenant: 'text', replaced_at: 'integer' },
  },
  kit_entries: {
    key: ['id'],
    columns: {
      id: 'text',
      channel: 'text',
      kind: 'text',
      instance: 'text',
      tenant: 'text',
      sealed: 'text?',
      sent_at: 'integer',
      at: 'integer',
    },
  },
} as const satisfies { readonly [T in 'kit_parts' | 'kit_entries']: Moved<Database[T]> }
