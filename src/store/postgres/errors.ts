import { StoreError, type StoreErrorCode } from '../errors.ts'

type Sentence = readonly [StoreErrorCode, (where: string, why: string) => string]

const unreachable = (what: string): Sentence => ['unreachable', (where) => `The database ${where} ${what}.`]

const refused: Sentence = [
  'cannot_open',
  (where) => `The database ${where} refuses the user name or the password.`,
]

const notVerified: Sentence = [
  'cannot_open',
  (where, why) => `The certificate of the database ${where} cannot be verified: ${why}.`,
]

const unlike: Sentence = [
  'damaged',
  (where, why) => `The database ${where} lacks what this program relies on: ${why}.`,
]

const contended: Sentence = [
  'locked',
  (where) => `The database ${where} is contended: others changed the same rows again and again.`,
]

/** By SQLSTATE (PostgreSQL manual, appendix A), by the class that begins it, and by the codes of Node's sockets. */
const SENTENCES: ReadonlyMap<string, Sentence> = new Map([
  ['28P01', refused],
  ['28000', refused],
  ['3D000', ['cannot_open', (where) => `There is no database ${where}.`]],
  ['3F000', ['cannot_open', (where) => `The database ${where} has no schema to put tables in.`]],
  [
    '42501',
    ['cannot_open', (where, why) => `The user of the database ${where} may not do its work: ${why}.`],
  ],
  ['25006', ['read_only', (where) => `The database ${where} is read-only.`]],
  ['53100', ['full', (where) => `There is no space left for the database ${where}.`]],
  ['53300', unreachable('has no connection left')],
  ['57014', ['locked', (where) => `The database ${where} took too long over a statement.`]],
  [
    '55P03',
    ['locked', (where) => `A row of the database ${where} was locked by another process for too long.`],
  ],
  ['40001', contended],
  ['40P01', contended],
  [
    '22021',
    ['failed', (where) => `A text for the database ${where} holds U+0000, which PostgreSQL cannot keep.`],
  ],
  ['42P01', unlike],
  ['42703', unlike],
  ['57P', unreachable('is shutting down or starting')],
  ['08', unreachable('has lost the connection')],
  ['XX', ['damaged', (where, why) => `The database ${where} is damaged or broken: ${why}.`]],
  ['ECONNREFUSED', unreachable('cannot be reached: nothing listens there')],
  ['ENOTFOUND', unreachable('cannot be reached: its host has no address')],
  ['EAI_AGAIN', unreachable('cannot be reached: the address of its host cannot be asked for')],
  ['ENOENT', unreachable('cannot be reached: its socket or a certificate file does not exist')],
  ['EACCES', unreachable('cannot be reached: its socket or a certificate file may not be read')],
  ['ETIMEDOUT', unreachable('cannot be reached: it does not answer')],
  ['EHOSTUNREACH', unreachable('cannot be reached: there is no way to its host')],
  ['ENETUNREACH', unreachable('cannot be reached: there is no way to its host')],
  ['ECONNRESET', unreachable('has lost the connection')],
  ['EPIPE', unreachable('has lost the connection')],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', notVerified],
  ['SELF_SIGNED_CERT_IN_CHAIN', notVerified],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', notVerified],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', notVerified],
  ['CERT_HAS_EXPIRED', notVerified],
  ['ERR_TLS_CERT_ALTNAME_INVALID', notVerified],
])

/** What the driver says without a code. */
const SAID: readonly (readonly [RegExp, Sentence])[] = [
  [/timeout|timed out/i, unreachable('does not answer in time')],
  [/terminated|connection error|not queryable/i, unreachable('has lost the connection')],
  [/support SSL/i, ['cannot_open', (where) => `The database ${where} does not offer TLS.`]],
]

const failed: Sentence = ['failed', (_where, why) => `The database failed: ${why}.`]

/**
 * Turns whatever the driver threw into a sentence; a `StoreError` passes unchanged. `where` names the database
 * without its password. Rows are never quoted: the server tells them in the detail, which stays out.
 */
export function postgresError(thrown: unknown, where: string): StoreError {
  if (thrown instanceof StoreError) return thrown
  const code = codeOf(thrown)
  const why = messageOf(thrown)
  const [name, sentence] = sentenceOf(code) ?? SAID.find(([said]) => said.test(why))?.[1] ?? failed
  return new StoreError(name, sentence(where, why), thrown)
}

const sentenceOf = (code: string): Sentence | undefined =>
  SENTENCES.get(code) ?? SENTENCES.get(code.slice(0, 3)) ?? SENTENCES.get(code.slice(0, 2))

/** Another writer was first: some key exists already. */
export const isUniqueViolation = (thrown: unknown): boolean => codeOf(thrown) === '23505'

/** Nothing was done, because of what others did at the same time; another try may succeed. */
export const isContention = (thrown: unknown): boolean => ['40001', '40P01'].includes(codeOf(thrown))

/** A row or a table was locked for longer than `lock_timeout`; nothing was done. */
export const isLockTimeout = (thrown: unknown): boolean => codeOf(thrown) === '55P03'

export const isUnknownColumn = (thrown: unknown): boolean => codeOf(thrown) === '42703'

/** The server has no such command; a relative of PostgreSQL, which cleans up after itself. */
export const isUnsupported = (thrown: unknown): boolean => ['0A000', '42601'].includes(codeOf(thrown))

/**
 * The server itself says that the statement failed, so that it left nothing. Else, when the server goes away or says
 * that it does not know (08007, 40003), whatever was under way may have been done. By the code: how severe it is, the
 * server says in its own language.
 */
export const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof Error && 'severity' in thrown && !/^(08|40003|57P|25P0[34])/.test(codeOf(thrown))

/** The connection is of no more use: broken, or to a server that no longer takes writes. */
export const isSpent = (thrown: unknown): boolean => !isRefusal(thrown) || codeOf(thrown) === '25006'

export function unknownOutcome(thrown: unknown, where: string): StoreError {
  return new StoreError(
    'unreachable',
    `The database ${where} has lost the connection while it committed: look whether it was done before repeating it.`,
    thrown,
  )
}

function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : ''
  return typeof code === 'string' ? code : ''
}

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error && thrown.message !== '' ? thrown.message : 'for an unknown reason'
