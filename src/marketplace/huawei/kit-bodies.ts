import type { KitEntry, KitFacts, KitSync } from '../../authority/kit-entry.ts'
import { readTimeStamp, type Zone } from './date.ts'
import { itemsOf, shown } from './kit-lists.ts'
import { readUsers } from './kit-users.ts'
import { ID } from './orders.ts'
import type { FieldReader, FieldSource } from './wire.ts'

/** Reads the body of one address; the intent counts only when the reader has no fault afterwards. */
type KitBody = (fields: FieldReader, source: FieldSource, zone: Zone) => KitSync

const NAME = 255
const DEPARTMENT_NAME = 128
/** An RSA-encrypted secret in base64, of the longest key in use and twice that. */
const SECRET = 2048
/** More than a body of the size limit can hold. */
const MOST_DEPARTMENTS = 5_000

/** By the last part of the address (reference 9.2). */
export const KIT_BODIES: ReadonlyMap<string, KitBody> = new Map<string, KitBody>([
  ['tenantSync', tenantSync],
  ['applicationSync', applicationSync],
  ['authSync', authSync],
  ['singleOrgSync', singleOrgSync],
  ['allOrgSync', allOrgSync],
])

function tenantSync(fields: FieldReader, source: FieldSource, zone: Zone): KitSync {
  const entry = unlessDeleted(fields, '', () => ({
    open: {
      orderId: fields.text('orderId', ID),
      tenantCode: fields.text('tenantCode', ID),
      name: shown(fields, 'name', NAME),
      domainName: shown(fields, 'domainName', NAME),
    },
    personal: {},
  }))
  return sync('tenant', [entry], fields, source, zone)
}

function applicationSync(fields: FieldReader, source: FieldSource, zone: Zone): KitSync {
  const appId = fields.text('appId', ID)
  const entry = unlessDeleted(fields, appId, () => ({
    open: { appId, clientId: shown(fields, 'clientId', NAME) },
    personal: { clientSecret: shown(fields, 'clientSecret', SECRET) },
  }))
  return sync('application', [entry], fields, source, zone)
}

function authSync(fields: FieldReader, source: FieldSource, zone: Zone): KitSync {
  const appId = fields.text('appId', ID)
  const users = readUsers(fields, source, appId, isDeletion(fields))
  return sync('user', users, fields, source, zone)
}

function singleOrgSync(fields: FieldReader, source: FieldSource, zone: Zone): KitSync {
  const orgCode = fields.text('orgCode', ID)
  const entry = unlessDeleted(fields, orgCode, () => department(fields, orgCode, 'orgName'))
  return sync('department', [entry], fields, source, zone)
}

/** Version 1 says `orgInfo` and `name`, version 2 `orgInfoList` and `orgName`; either is read by either. */
function allOrgSync(fields: FieldReader, source: FieldSource, zone: Zone): KitSync {
  const list = source('orgInfoList') === undefined ? 'orgInfo' : 'orgInfoList'
  const departments = itemsOf(fields, source, list, MOST_DEPARTMENTS, (item, has): KitEntry => {
    const orgCode = item.text('orgCode', ID)
    return { key: orgCode, facts: department(item, orgCode, has('orgName') ? 'orgName' : 'name') }
  })
  return { ...sync('department', departments, fields, source, zone), replaces: true }
}

function department(fields: FieldReader, orgCode: string, name: 'orgName' | 'name') {
  const parentCode = fields.optionalText('parentCode', ID)
  const orgName = shown(fields, name, DEPARTMENT_NAME)
  const open: KitFacts = { orgCode, orgName, ...(parentCode !== null && { parentCode }) }
  return { open, personal: {} }
}

/** What all of them say (reference 9.3). */
function sync(
  kind: KitSync['kind'],
  entries: readonly KitEntry[],
  fields: FieldReader,
  source: FieldSource,
  zone: Zone,
): KitSync {
  // Sent empty while the seller applies for credentials; not sent at all it is missing.
  if (source('instanceId') === undefined) fields.refuse('instanceId: missing')
  return {
    type: 'kit_sync',
    test: fields.flag('testFlag'),
    kind,
    instance: fields.optionalText('instanceId', ID) ?? '',
    tenant: fields.text('tenantId', ID),
    sentAt: sentAt(fields, zone),
    replaces: false,
    entries,
  }
}

function sentAt(fields: FieldReader, zone: Zone): number {
  const wallMs = readTimeStamp(fields.word('timeStamp') ?? '')
  const sentMs = wallMs === null ? -1 : zone(wallMs)
  if (sentMs < 0) fields.refuse('timeStamp: missing or not 17 digits of a date')
  return sentMs
}

const DELETE = '0'
const FLAGS: readonly string[] = [DELETE, '1', '2']

/** To add what is there and to modify what is not is one and the same. */
function isDeletion(fields: FieldReader): boolean {
  const flag = fields.word('flag') ?? ''
  if (!FLAGS.includes(flag)) fields.refuse(`flag: none of ${FLAGS.join(', ')}`)
  return flag === DELETE
}

/** To delete something it needs a name and nothing else. */
function unlessDeleted(
  fields: FieldReader,
  key: string,
  read: () => NonNullable<KitEntry['facts']>,
): KitEntry {
  return { key, facts: isDeletion(fields) ? null : read() }
}
