import { randomBytes } from 'node:crypto'
import type { Batch, LicenseChange } from '../../src/authority/ports.ts'
import type { Command } from '../../src/domain/commands.ts'
import { step } from '../../src/domain/step.ts'
import { writeLicenseCode } from '../../src/format/license-code.ts'

const DAY = 86_400
const YEAR = 365 * DAY
const CHANNEL = 'bench'

/** As long as what the product writes: a certificate, the data of a buyer whose six fields are all there, sealed. */
const CERTIFICATE = `LK1${'-AAAAA'.repeat(39)}-AA`
const SEALED_CUSTOMER = 's'.repeat(288)
const CODE_LENGTH = 100

export interface Sale {
  readonly id: string
  /** The license with its event, code, customer and first answer: what stays of a sale for ever. */
  readonly lasting: Batch
  /** The same with the replay mark, which is deleted after half an hour. */
  readonly whole: Batch
}

/** What a purchase commits, of order number `number` at second `at`; ids are random like real ones. */
export function sale(number: number, at: number): Sale {
  const id = randomBytes(8).toString('hex')
  const digest = randomBytes(32).toString('hex')
  const order = { id: `CS${String(number).padStart(17, '0')}`, line: '1' }
  const code = randomBytes(CODE_LENGTH)
  const text = writeLicenseCode(code.subarray(0, -64), code.subarray(-64), () => code)
  const license = `${text} ${CERTIFICATE}`
  const body = JSON.stringify({ resultCode: '000000', resultMsg: 'success.', license, instanceId: id })
  const lasting: Batch = {
    change: changeOf(id, code, order, at),
    answer: {
      channel: CHANNEL,
      order,
      fields: digest.slice(0, 8),
      body,
    },
    unpark: [digest.slice(0, 22)],
  }
  const mark = {
    accessKey: 'ace5510a',
    signature: digest,
    nonce: null,
    request: digest,
    answer: body,
    expires: at + 1_860,
  }
  return { id, lasting, whole: { ...lasting, mark } }
}

function changeOf(id: string, code: Buffer, order: { id: string; line: string }, at: number): LicenseChange {
  const origin = { channel: CHANNEL, instance: id, order }
  const issue = { type: 'issue', id, origin, terms: { ...TERMS, paidUntil: at + YEAR } } as const
  return { ...changed(null, issue, at, code), customer: SEALED_CUSTOMER }
}

/** What happens to most licenses in their life: a renewal, a freeze, and its end. */
export function life(sold: LicenseChange, at: number): LicenseChange[] {
  const order = sold.after.origin.order!.id.replace('CS', 'CR')
  const renew = { type: 'renew', order, paidUntil: at + 2 * YEAR, formal: true } as const
  const renewed = changed(sold.after, renew, at + DAY, randomBytes(CODE_LENGTH))
  const freeze = { type: 'freeze', cause: 'operator' } as const
  const frozen = changed(renewed.after, freeze, at + 2 * DAY, null)
  const reinstate = { type: 'reinstate', cause: 'operator' } as const
  return [renewed, frozen, changed(frozen.after, reinstate, at + 3 * DAY, randomBytes(CODE_LENGTH))]
}

function changed(
  before: LicenseChange['before'],
  command: Command,
  at: number,
  code: Buffer | null,
): LicenseChange {
  const stepped = step(before, command, at)
  if (!stepped.ok) throw new Error(`a change of the bench was refused: ${stepped.no.reason}`)
  const { license: after, events } = stepped.value
  const by = { who: `callback:${CHANNEL}`, reason: null }
  return { before, after, events, by, code: code && codeOf(after, code), customer: null }
}

function codeOf({ id, revision }: LicenseChange['after'], code: Buffer): LicenseChange['code'] {
  const digest = randomBytes(16).toString('base64url')
  return { license: id, revision, digest, kid: '0badc0de', bytes: code.toString('base64url') }
}

const TERMS = { product: 1001, edition: 2, seats: 25, features: 7, trial: false, graceDays: 3, binding: null }
