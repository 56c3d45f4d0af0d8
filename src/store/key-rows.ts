import type { KeyStatus, KeyUsage, StoredKey } from '../authority/key-store.ts'
import type { SigningKeyRow } from './schema.ts'

export const KEY_COLUMNS = [
  'kid',
  'usage',
  'status',
  'public_key',
  'sealed',
  'certificates',
  'created_at',
  'spare',
  'request',
  'certified_at',
] as const

export function keyRow(key: StoredKey): SigningKeyRow {
  const { kid, usage, status, sealed, request } = key
  return {
    kid,
    usage,
    status,
    public_key: key.publicKey,
    sealed,
    certificates: JSON.stringify(key.certificates),
    created_at: key.createdAt,
    spare: key.spare ? 1 : 0,
    request,
    certified_at: key.certifiedAt,
  }
}

export function keyOf(row: SigningKeyRow): StoredKey {
  const { kid, sealed, request } = row
  const certificates: string[] = JSON.parse(row.certificates)
  return {
    kid,
    usage: row.usage as KeyUsage,
    status: row.status as KeyStatus,
    publicKey: row.public_key,
    sealed,
    certificates,
    createdAt: row.created_at,
    spare: row.spare === 1,
    request,
    certifiedAt: row.certified_at,
  }
}
