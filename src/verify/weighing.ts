import type { Case, Heard } from './hearing.ts'
import { isForHere, ruling } from './ruling.ts'
import type { Steps } from './steps.ts'
import type { Verdict } from './verdict.ts'
import { decisive, type Voice } from './voices.ts'

/** The verdict and who decided, and the code's own voice and the one that decided. */
export type Weighed = readonly [verdict: Verdict, own: Voice, decider: Voice]

/**
 * The verdict on a genuine code for this program and device, with all that is said about its license (contract 1.5,
 * "Precedence"). `key` is the x of the key that signed the code.
 */
export function* weigh(about: Case, key: string, fingerprint: unknown, heard: Heard): Steps<Weighed> {
  const code = about[0]
  const statement = heard[0]
  const own: Voice = ['code', code.revision, code.issuedAt, 'active', key]
  const said: Voice | null = statement && [
    'statement',
    statement[0].rev,
    statement[0].iat,
    statement[0].status,
    statement[1],
  ]
  const others = [...remembered(about, heard), ...(said ? [said] : []), ...listed(about, heard)]
  const decider = others.length > 0 ? decisive(own, others) : own
  const mayPermit = statement !== null && (yield* isForHere(statement[0], fingerprint, about))
  const deciding = decider === said ? statement![0] : null
  return [ruling(code, decider, deciding, mayPermit, heard), own, decider]
}

/** What the list says of the license: nothing, or one voice for each of its entries. */
function listed([code]: Case, [, list]: Heard): readonly Voice[] {
  if (!list || list[2]) return []
  return list[0].entries
    .filter(([id]) => id === code.id)
    .map(([, revision, word]): Voice => ['list', revision, list[0].iat, word, list[1]])
}

/**
 * What was stored of the license; a newer list takes an entry of a list back, unless it was released: the entries that
 * it has of its own speak for themselves.
 */
function remembered(about: Case, heard: Heard): readonly Voice[] {
  const [code, , , , memory] = about
  const found = memory[4].find(([id]) => id === code.id)
  if (!found) return []
  const [, ...voice] = found
  const [by, , at, word] = voice
  const list = heard[1]
  const isTakenBack = by === 'list' && word !== 'released' && list && !list[2] && list[0].iat > at
  return isTakenBack ? [] : [voice]
}
