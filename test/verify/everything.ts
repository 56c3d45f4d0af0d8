import type { Trust, TrustInput, Verdict } from '../../src/verify/index.ts'
import { verifySync } from '../../src/verify/node.ts'
import { asked, type Everything } from './asked.ts'

export type { Everything } from './asked.ts'
export { asked } from './asked.ts'

/** The verdict of a program that knows what to do with everything. */
export const verifyMet = (text: string, trust: Trust | TrustInput, everything: Everything): Verdict =>
  verifySync(text, trust, asked(everything))
