/** Rows of `applications` and `device_codes`, as in `schema.ts`. */

export interface ApplicationRow {
  license_id: string
  event_id: string
  device: string
  effective_at: number
  expires_at: number | null
  at: number
  state: string
  why: string | null
  code_digest: string | null
  upload: string | null
}

export interface DeviceCodeRow {
  license_id: string
  digest: string
  ordinal: number
  device: string
  revision: number
  kid: string
  bytes: string
  at: number
  works_until: number | null
}
