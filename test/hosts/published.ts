import type { Verdict } from '../../src/verify/index.ts'
import { type CodeVectorFields, vectors } from '../format/kit.ts'
import type { Everything } from '../verify/asked.ts'
import {
  outcomeOf,
  PUBLISHED_ROOT,
  PUBLISHED_SPEAKERS,
  SINCE_CASES,
  VERDICT_CASES,
  type VerdictCase,
  validityOf,
} from '../verify/verdict-cases.ts'
import type { Question } from './answer.ts'

/** One published vector as a question, and what its file expects of the answer. */
export interface Vector {
  readonly name: string
  readonly question: Question
  /** The part of an answer that the file speaks of. */
  readonly seen: (answer: never) => unknown
  readonly expected: unknown
}

interface Claims {
  readonly iat: number
}

interface CertificateVector {
  readonly name: string
  readonly certificate: string
  readonly fields: { readonly from: number; readonly to: number }
}

const READING_REASONS = ['malformed', 'mistyped', 'unsupported_version']

const certificates = vectors<{
  good: readonly CertificateVector[]
  bad: readonly { name: string; certificate: string; reason: string }[]
}>('key-certificate')
/** For codes of every product and term, of the key that signed every published code. */
const SIGNER = certificates.good[0]!

const codes = vectors<{
  device_fingerprint: string
  good: readonly { name: string; fields: CodeVectorFields; code: string }[]
  bad: readonly { name: string; code: string; reason: string }[]
}>('license-code')
const CODE = codes.good[0]!

/** As texts, which a verifier recognizes when it meets them again, however they came to it. */
const texts = (manifests: readonly object[]): readonly string[] => {
  return manifests.map((manifest) => JSON.stringify(manifest))
}
const ROOT = texts(PUBLISHED_ROOT)

const license = (text: string, over: Partial<Everything> = {}): Question => ({
  ask: 'license',
  text,
  trust: ROOT,
  everything: { now: CODE.fields.issued_at, certificates: [SIGNER.certificate], ...over },
})

/** Whether the key that signed the published objects may have signed then; outside, a verifier stops there. */
const isIssuable = (at: number): boolean => SIGNER.fields.from <= at && at < SIGNER.fields.to
const NOT_ISSUABLE = 'outside_issuing_window'

const reasonOf = ({ reason }: Verdict): unknown => reason
const isRead = ({ reason }: Verdict): unknown => reason === null || !READING_REASONS.includes(reason)
const itself = (answer: unknown): unknown => answer

function verdicts(cases: readonly VerdictCase[], seen: (verdict: Verdict) => unknown): readonly Vector[] {
  return cases.map(({ name, text, trust, everything, expected }) => {
    return { name, question: { ask: 'license', text, trust: texts(trust), everything }, seen, expected }
  })
}

function licenseCodes(): readonly Vector[] {
  const { good, bad, device_fingerprint: device } = codes
  return [
    ...good.map(({ name, fields, code }) => {
      const { issued_at: now } = fields
      const expected = isIssuable(now)
        ? [null, fields.license_id, fields.revision, fields.bind_hex !== '']
        : [NOT_ISSUABLE, undefined, undefined, undefined]
      const seen = ({ reason, license: facts }: Verdict) => [reason, facts?.id, facts?.revision, facts?.bound]
      return { name, question: license(code, { now, device }), seen, expected }
    }),
    ...bad.map(({ name, code, reason }) => {
      const isRefused = (verdict: Verdict) => {
        return verdict.reason === reason || (reason === 'bad_range' && verdict.reason === NOT_ISSUABLE)
      }
      return { name, question: license(code), seen: isRefused, expected: true }
    }),
  ]
}

/** Beside a code; there no certificate, or a second one, is a license text as good as any. */
function keyCertificates(): readonly Vector[] {
  const isOne = ({ certificate }: { certificate: string }) => !/^$|^LK1-.*\sLK1-/.test(certificate)
  const beside = (certificate: string) => license(`${CODE.code} ${certificate}`)
  return [
    ...certificates.good.map(({ name, certificate }) => {
      return { name, question: beside(certificate), seen: isRead, expected: true }
    }),
    ...certificates.bad.filter(isOne).map(({ name, certificate, reason }) => {
      return { name, question: beside(certificate), seen: reasonOf, expected: reason }
    }),
  ]
}

function licenseTexts(): readonly Vector[] {
  const { good, bad } = vectors<{
    good: readonly { name: string; text: string; body_hex: string }[]
    bad: readonly { name: string; text: string; reason: string }[]
  }>('license-text')
  return [
    ...good.map(({ name, text, body_hex: body }) => {
      // The license id is bytes 6 to 13 of the body: contract 1.1.
      const expected = [null, body.slice(12, 28)]
      const seen = ({ reason, license: facts }: Verdict) => [reason, facts?.id]
      return { name, question: license(text), seen, expected }
    }),
    ...bad.map(({ name, text, reason }) => {
      return { name, question: license(text), seen: reasonOf, expected: reason }
    }),
  ]
}

function jwts(file: 'statement' | 'revocations', ask: 'statement' | 'list'): readonly Vector[] {
  const { good, bad } = vectors<{
    good: readonly { name: string; jwt: string; claims: Claims }[]
    bad: readonly { why: string; jwt: string }[]
  }>(file)
  const question = (text: string, now: number): Question => {
    return { ask, text, trust: ROOT, options: { now, certificates: PUBLISHED_SPEAKERS } }
  }
  const malformed = { ok: false, reason: 'malformed' }
  return [
    ...good.map(({ name, jwt, claims }) => {
      const expected = isIssuable(claims.iat) ? { ok: true, claims } : { ok: false, reason: NOT_ISSUABLE }
      return { name, question: question(jwt, claims.iat), seen: itself, expected }
    }),
    ...bad.map(({ why, jwt }) => {
      return { name: why, question: question(jwt, CODE.fields.issued_at), seen: itself, expected: malformed }
    }),
  ]
}

/** Behind each a comment, so that none can be taken for a license text that somebody broke into lines. */
function licenseFiles(): readonly Vector[] {
  const { good, bad } = vectors<{
    good: readonly { name: string; text: string }[]
    bad: readonly { name: string; text: string; line: number; why: string }[]
  }>('license-file')
  const { now } = SINCE_CASES[0]!.options
  const asFile = (text: string) => license(`${text}\n#`, { now })
  const seen = ({ line, reason }: Verdict) => (line === undefined ? 'read' : [line, reason])
  return [
    ...good.map(({ name, text }) => ({ name, question: asFile(text), seen, expected: 'read' })),
    ...bad.map(({ name, text, line, why }) => {
      const reason = READING_REASONS.includes(why) ? why : 'malformed'
      return { name, question: asFile(text), seen, expected: [line, reason] }
    }),
  ]
}

/** Of a good manifest the file says only how it is read; how its signatures are judged is to be as on Node. */
function rootManifests(): readonly Vector[] {
  const { good, bad } = vectors<{
    good: readonly { name: string; text: string }[]
    bad: readonly { why: string; text: string }[]
  }>('root-manifest')
  const isOpened = ({ ok }: { ok: boolean }) => ok
  return [
    ...good.map(({ name, text }) => {
      return {
        name,
        question: { ask: 'root', text } as const,
        seen: () => 'as on Node',
        expected: 'as on Node',
      }
    }),
    ...bad.map(({ why, text }) => {
      return { name: why, question: { ask: 'root', text } as const, seen: isOpened, expected: false }
    }),
  ]
}

/** Every file of `test/vectors` with objects, by its name. The two of bare alphabets are inside all others. */
export const PUBLISHED: readonly (readonly [string, readonly Vector[]])[] = [
  ['license-code', licenseCodes()],
  ['key-certificate', keyCertificates()],
  ['license-text', licenseTexts()],
  ['root-manifest', rootManifests()],
  ['statement', jwts('statement', 'statement')],
  ['revocations', jwts('revocations', 'list')],
  ['license-file', licenseFiles()],
  ['verdicts', verdicts(VERDICT_CASES, validityOf)],
  ['verdicts-since', verdicts(SINCE_CASES, outcomeOf)],
]
