import type { Database } from './schema.ts'
import type { Moved } from './tables.ts'

type Name = 'applications' | 'device_codes'

/** Of `TABLES`: applications for licenses, and the codes made for devices. */
export const APPLICATION_TABLES: { readonly [T in Name]: Moved<Database[T]> } = {
  applications: {
    key: ['license_id', 'event_id', 'device'],
    columns: {
      license_id: 'text',
      event_id: 'text',
      device: 'text',
      effective_at: 'integer',
      expires_at: 'integer?',
      at: 'integer',
      state: 'text',
      why: 'text?',
      code_digest: 'text?',
      upload: 'text?',
    },
  },
  device_codes: {
    key: ['license_id', 'digest'],
    columns: {
      license_id: 'text',
      digest: 'text',
      ordinal: 'integer',
      device: 'text',
      revision: 'integer',
      kid: 'text',
      bytes: 'text',
      at: 'integer',
      works_until: 'integer?',
    },
  },
}
