import { randomBytes } from 'node:crypto'
import type { Batch, LicenseChange } from '../../src/authority/ports.ts'
import { step } from '../../src/domain/step.ts'

const DAY = 86_400
const YEAR = 365 * DAY
const CHANNEL = 'bench'

/** As long as what the product writes: a code, a code with its certificate, a sealed customer. */
const CODE_BYTES = 'c'.repeat(134)
const LICENSE_TEXT = 't'.repeat(443)
const SEALED_CUSTOMER = 's'.repeat(490)

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
  const license = LICENSE_TEXT
  const body = JSON.stringify({ resultCode: '000000', resultMsg: 'success.', license, instanceId: id })
  const lasting: Batch = {
    change: changeOf(id, digest, order, at),
    answer: {
      channel: CHANNEL,
      key: JSON.stringify([order.id, order.line]),
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

function changeOf(
  id: string,
  digest: string,
  order: { id: string; line: string },
  at: number,
): LicenseChange {
  const origin = { channel: CHANNEL, instance: id, order }
  const issued = step(null, { type: 'issue', id, origin, terms: { ...TERMS, paidUntil: at + YEAR } }, at)
  if (!issued.ok) throw new Error(`a sale of the bench was refused: ${issued.no.reason}`)
  const { license, events } = issued.value
  return {
    before: null,
    after: license,
    events,
    by: { who: `callback:${CHANNEL}`, reason: null },
    code: { license: id, revision: 1, digest: digest.slice(0, 32), kid: '0badc0de', bytes: CODE_BYTES },
    customer: SEALED_CUSTOMER,
  }
}

const TERMS = { product: 1001, edition: 2, seats: 25, features: 7, trial: false, graceDays: 3, binding: null }
