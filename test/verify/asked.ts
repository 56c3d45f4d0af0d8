import type { VerifyOptions } from '../../src/verify/index.ts'
import { type MetOptions, metSince } from '../../src/verify/since.ts'

/** All that a program can give, side by side, as tests and published vectors write it. */
export type Everything = Omit<VerifyOptions, 'since' | keyof MetOptions> & MetOptions

const MET = ['manifests', 'statement', 'list', 'nonce', 'state']

/** The options of `verify` with what was met in its place. */
export function asked(everything: Everything): VerifyOptions {
  const entries = Object.entries(everything)
  const met = Object.fromEntries(entries.filter(([name]) => MET.includes(name)))
  const own = Object.fromEntries(entries.filter(([name]) => !MET.includes(name))) as unknown
  return { ...(own as Pick<VerifyOptions, 'now'>), since: metSince(met) }
}
