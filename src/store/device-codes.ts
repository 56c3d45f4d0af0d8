import type { ExpressionBuilder } from 'kysely'
import type { DeviceCode, DeviceCodes, NewDeviceCode } from '../authority/device-codes.ts'
import type { DeviceCodeRow } from './application-rows.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { Database } from './schema.ts'

const DEVICE_CODE = [
  'license_id',
  'digest',
  'ordinal',
  'device',
  'revision',
  'kid',
  'bytes',
  'at',
  'works_until',
] as const

export function deviceCodes(queries: Queries): DeviceCodes {
  const byDigest = queries.read((db, given: Given<{ license: string; digest: string }>) =>
    db
      .selectFrom('device_codes')
      .select(DEVICE_CODE)
      .where('license_id', '=', given('license'))
      .where('digest', '=', given('digest')),
  )
  const newest = queries.read((db, given: Given<{ license: string; device: string }>) =>
    db
      .selectFrom('device_codes')
      .select(DEVICE_CODE)
      .where('license_id', '=', given('license'))
      .where('device', '=', given('device'))
      .orderBy('ordinal', 'desc')
      .limit(1),
  )
  const taken = placesTaken(queries)
  return {
    deviceCode: async (license, digest) => codeOrNull(await byDigest.first({ license, digest })),
    newestDeviceCode: async (license, device) => codeOrNull(await newest.first({ license, device })),
    async places(license, device, now) {
      const row = await taken.first({ license, device: device ?? '', now })
      const { last, others, elder, held } = row ?? { last: null, others: 0, elder: 0, held: 0 }
      const counts = { others: Number(others), elder: Number(elder) }
      return { ...counts, isHeld: Number(held) > 0, next: Number(last ?? 0) + 1 }
    },
  }
}

/** In one statement: the ordinal is not older than what was counted. */
function placesTaken(queries: Queries) {
  type Row = ExpressionBuilder<Database, 'device_codes'>
  return queries.read((db, given: Given<{ license: string; device: string; now: number }>) => {
    const floor = db.selectFrom('licenses').select('hand_over_floor').where('id', '=', given('license'))
    const works = (eb: Row) =>
      eb.and([
        eb.or([eb('works_until', 'is', null), eb('works_until', '>', given('now'))]),
        eb('revision', '>=', floor),
      ])
    const first = db
      .selectFrom('device_codes')
      .select((eb) => eb.fn.min('ordinal').as('first'))
      .where('license_id', '=', given('license'))
      .where('device', '=', given('device'))
      .where(works)
    const others = (eb: Row) => eb.and([eb('device', '<>', given('device')), works(eb)])
    return db
      .selectFrom('device_codes')
      .select((eb) => [
        eb.fn.max('ordinal').as('last'),
        eb.fn.count('device').distinct().filterWhere(others).as('others'),
        eb.fn
          .count('device')
          .distinct()
          .filterWhere((row) => row.and([others(row), row('ordinal', '<', first)]))
          .as('elder'),
        eb.fn
          .count('ordinal')
          .filterWhere((row) => row.and([row('device', '=', given('device')), works(row)]))
          .as('held'),
      ])
      .where('license_id', '=', given('license'))
  })
}

const codeOrNull = (row: DeviceCodeRow | undefined): DeviceCode | null =>
  row === undefined ? null : codeOf(row)

const codeOf = (row: DeviceCodeRow): DeviceCode => ({
  license: row.license_id,
  digest: row.digest,
  device: row.device === '' ? null : row.device,
  revision: row.revision,
  kid: row.kid,
  bytes: row.bytes,
  at: row.at,
  worksUntil: row.works_until,
})

export function keepDeviceCode(queries: Queries): (code: NewDeviceCode) => Step {
  const insert = queries.write((db, given: Given<DeviceCodeRow>) =>
    db.insertInto('device_codes').values(columns(given, DEVICE_CODE)),
  )
  return (code) =>
    insert({
      license_id: code.license,
      digest: code.digest,
      ordinal: code.ordinal,
      device: code.device ?? '',
      revision: code.revision,
      kid: code.kid,
      bytes: code.bytes,
      at: code.at,
      works_until: code.worksUntil,
    })
}
