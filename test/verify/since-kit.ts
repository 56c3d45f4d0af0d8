import { signingInput, writeCompact } from '../../src/format/jws.ts'
import { type KeyCertificate, USAGE } from '../../src/format/key-certificate.ts'
import type { LicenseCode } from '../../src/format/license-code.ts'
import { type RevocationEntry, type RevocationList, writeRevocations } from '../../src/format/revocations.ts'
import { type Statement, writeStatement } from '../../src/format/statement.ts'
import { type Everything, verifyMet } from './everything.ts'
import {
  certificateText,
  DAY,
  ISSUED,
  keyOf,
  licenseText,
  manifestText,
  PAID_UNTIL,
  type TestKey,
} from './kit.ts'

/** What shipped software meets after it was shipped: statements and lists of their own keys, and a clock. */

export const LICENSE_ID = '1ef6fc706daff69a'
/** A month into the paid year. */
export const NOW = ISSUED + 30 * DAY
export const GRACE_END = PAID_UNTIL + 3 * DAY

export const SPEAKER = keyOf('statements')
export const LISTER = keyOf('lists')

const grant = (usages: number, key: TestKey, over: Partial<KeyCertificate> = {}): string =>
  certificateText({ usages, publicKey: key.publicKey, to: ISSUED + 5000 * DAY, ...over })

export const speakerCertificate = (over: Partial<KeyCertificate> = {}): string =>
  grant(USAGE.statements, SPEAKER, over)
export const listerCertificate = (over: Partial<KeyCertificate> = {}): string =>
  grant(USAGE.lists, LISTER, over)

export const CERTIFICATES = [speakerCertificate(), listerCertificate()]
export const ROOT_TEXT = manifestText()

/** Of the license of `licenseText`, a revision later, active to the end of the year after. */
export function statementText(over: Partial<Statement> = {}, key: TestKey = SPEAKER): string {
  const body = writeStatement({
    iss: 'https://license.example.com',
    sub: LICENSE_ID,
    aud: 'cad-pro',
    iat: NOW,
    exp: NOW + DAY,
    root: 1,
    rev: 8,
    status: 'active',
    paid_until: PAID_UNTIL + 365 * DAY,
    works_until: GRACE_END + 365 * DAY,
    product: 1001,
    edition: 'flagship',
    features: ['render'],
    seats: 60,
    trial: false,
    ...over,
  })
  const typ = 'license-statement+jwt'
  return writeCompact(key.kid, typ, body, key.sign(signingInput(key.kid, typ, body)))
}

/** Number 5 of the product of `licenseText`. */
export function listText(
  entries: readonly RevocationEntry[] = [],
  over: Partial<RevocationList> = {},
  key: TestKey = LISTER,
): string {
  const body = writeRevocations({
    iss: 'https://license.example.com',
    aud: 'cad-pro',
    number: 5,
    iat: NOW,
    next_update: NOW + 7 * DAY,
    root: 1,
    entries,
    ...over,
  })
  const typ = 'license-revocations+jwt'
  return writeCompact(key.kid, typ, body, key.sign(signingInput(key.kid, typ, body)))
}

/** The verdict on the license of revision 7, a month into its year. */
export const judge = (options: Partial<Everything>, code: Partial<LicenseCode> = {}) =>
  verifyMet(licenseText(code), ROOT_TEXT, { now: NOW, certificates: CERTIFICATES, ...options })

/** Who decided, and what: the reason, or the good standing. */
export function outcome(options: Partial<Everything>, code: Partial<LicenseCode> = {}) {
  const { standing, reason, decidedBy } = judge(options, code)
  return [reason ?? standing, decidedBy]
}

/** A shipped program: it stores the state that each verdict gives, and nothing else. */
export function program(shipped: Partial<Everything> = {}) {
  let state = ''
  return {
    verify(options: Partial<Everything>, code: Partial<LicenseCode> = {}) {
      const verdict = judge({ ...shipped, state, ...options }, code)
      state = verdict.state ?? state
      return verdict
    },
    outcome(options: Partial<Everything>, code: Partial<LicenseCode> = {}) {
      const { standing, reason } = this.verify(options, code)
      return reason ?? standing
    },
    state: () => state,
  }
}
