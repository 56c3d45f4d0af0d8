import type { Sha256 } from '../format/bytes.ts'
import {
  type NamedCertificate,
  type Objects,
  type Reader,
  readCertificates,
  type TextFault,
} from '../format/license-text.ts'
import { clockAt } from './clock.ts'
import { productIn } from './names.ts'
import { type Names, type Question, readOptions } from './options.ts'
import { standingAt } from './standing.ts'
import type { Steps } from './steps.ts'
import { openTrust, type Trust, type TrustMemory } from './trust.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import { misfit, type Vouched, vouched } from './verify-license.ts'

/**
 * Judges a license text (contract 2); with what was met since, a license file, too. Throws for options that do not
 * exist, and for nothing else.
 */
export function* judge(
  text: unknown,
  input: unknown,
  options: unknown,
  opened: TrustMemory,
  reader: Reader,
  sha256: Sha256,
): Steps<Verdict> {
  const question = readOptions(options)
  const [now, , , , buildTime, carried, since, foreign] = question
  if (foreign) throw TypeError(`no option ${foreign}: see licet/verify/since`)
  const { trust } = yield* openTrust(input, opened, sha256)
  if (since) return yield* since(text, trust, question, reader, sha256)
  const found = yield* examined(
    reader(text, sha256),
    certificatesIn(carried, sha256),
    trust,
    question,
    sha256,
  )
  return isGenuine(found) ? standingAt(found[0], clockAt(now, buildTime)) : found
}

export const isGenuine = (found: Vouched | Verdict): found is Vouched => Array.isArray(found)

/** The checks from key to device, in the contract's order (contract 2): what they found, or the verdict. */
export function* examined(
  read: TextFault | Objects,
  carried: readonly NamedCertificate[],
  trust: Trust,
  [, product, names, fingerprint]: Question,
  sha256: Sha256,
): Steps<Vouched | Verdict> {
  if (typeof read === 'string') return verdictOf(read)
  const [code, own] = read
  const [body] = code!
  const known: Names = product === productIn(body) ? names : []
  const found = yield* vouched(code!, carried.length > 0 ? [...own, ...carried] : own, known, trust, sha256)
  if (typeof found === 'string') return verdictOf(found)
  const misfits = misfit(body, product, fingerprint, sha256)
  return misfits === null ? found : verdictOf(misfits, found[0])
}

/** The certificates of every text that holds nothing else. */
export const certificatesIn = (texts: readonly unknown[], sha256: Sha256): readonly NamedCertificate[] =>
  texts.flatMap((text) => {
    const read = readCertificates(text, sha256)
    return typeof read === 'string' ? [] : read
  })
