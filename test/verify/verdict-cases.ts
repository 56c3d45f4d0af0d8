import { readFileSync } from 'node:fs'
import type { Verdict, VerifyOptions } from '../../src/verify/index.ts'
import { asked, type Everything } from './everything.ts'

/** The published cases of `test/vectors/verdicts.json` and `verdicts-since.json`, as questions to any entry. */
export interface VerdictCase {
  readonly name: string
  readonly text: string
  readonly trust: readonly object[]
  /** The same options as data, which can travel to another host. */
  readonly everything: Everything
  readonly options: VerifyOptions
  /** What `validityOf`, for the cases with what was met since `outcomeOf`, has to give. */
  readonly expected: object
}

interface Validity {
  readonly valid: boolean
  readonly standing: string | null
  readonly reason: string | null
}

interface PlainVector {
  readonly name: string
  readonly text: string
  readonly manifests?: readonly object[]
  readonly now: number
  readonly product?: number
  readonly fingerprint?: string
  readonly buildTime?: number
  readonly expect: Validity
}

interface SinceVector {
  readonly name: string
  readonly text: string
  readonly now: number
  readonly product?: number
  readonly product_code?: string
  readonly fingerprint?: string
  readonly build_time?: number
  readonly certificates?: readonly string[]
  readonly manifests?: readonly object[]
  readonly statement?: string
  readonly list?: string
  readonly nonce?: string
  readonly expect: Validity & { readonly decided_by: string | null; readonly warnings: readonly string[] }
}

function fileOf<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

const plain = fileOf<{ manifests: readonly object[]; cases: readonly PlainVector[] }>('verdicts')
const since = fileOf<{ root: readonly object[]; cases: readonly SinceVector[] }>('verdicts-since')

/** The root that all published keys hang from. */
export const PUBLISHED_ROOT = since.root

/** Certificates of the published keys for statements and for lists. */
export const PUBLISHED_SPEAKERS = since.cases[0]!.certificates!

export const VERDICT_CASES: readonly VerdictCase[] = plain.cases.map((vector) => ({
  name: vector.name,
  text: vector.text,
  trust: vector.manifests ?? plain.manifests,
  everything: plainOptions(vector),
  options: plainOptions(vector) as VerifyOptions,
  expected: vector.expect,
}))

export const SINCE_CASES: readonly VerdictCase[] = since.cases.map((vector) => ({
  name: vector.name,
  text: vector.text,
  trust: since.root,
  everything: sinceOptions(vector),
  options: asked(sinceOptions(vector)),
  expected: { ...vector.expect, warnings: [...vector.expect.warnings].sort() },
}))

/** What the cases of `verdicts.json` expect of a verdict. */
export function validityOf({ valid, standing, reason }: Verdict): Validity {
  return { valid, standing, reason }
}

/** What the cases of `verdicts-since.json` expect of a verdict. */
export function outcomeOf(verdict: Verdict): SinceVector['expect'] {
  const { decidedBy = null, warnings = [] } = verdict
  return { ...validityOf(verdict), decided_by: decidedBy, warnings: [...warnings].sort() }
}

function plainOptions({ now, product, fingerprint, buildTime }: PlainVector): Everything {
  return {
    now,
    ...(product === undefined ? {} : { product }),
    ...(fingerprint === undefined ? {} : { device: fingerprint }),
    ...(buildTime === undefined ? {} : { buildTime }),
  }
}

function sinceOptions({
  product,
  product_code: code,
  fingerprint,
  build_time: buildTime,
  ...rest
}: SinceVector): Everything {
  const { name: _, text: __, expect: ___, ...given } = rest
  return {
    ...given,
    ...(product !== undefined && { product: code === undefined ? product : { id: product, code } }),
    ...(fingerprint !== undefined && { device: fingerprint }),
    ...(buildTime !== undefined && { buildTime }),
  }
}
