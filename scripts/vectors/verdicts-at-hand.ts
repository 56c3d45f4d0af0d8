import { lc1, lk1, QUORUM, STRANGER } from './base.ts'
import type { VectorKey } from './keys.ts'
import {
  DAY,
  entries,
  LISTER,
  license,
  license2of3,
  list,
  listerKey,
  NOW,
  no,
  root2,
  type SinceCase,
  SPEAKER,
  speakerKey,
  statement,
  yes,
} from './since-case.ts'

/** Which certificates vouch for a statement and a list, wherever they stand; how many texts are looked at. */

const frozen = { statement: statement({ status: 'frozen' }) }
const onList = { list: list() }
const speakerOf = (root: VectorKey) => lk1({ serial: 2, usages: 2, x: SPEAKER.x }, root)
const listerOf = (root: VectorKey) => lk1({ serial: 3, usages: 4, x: LISTER.x }, root)
/** A license text with more certificates, and nothing beside it. */
const within = (...more: readonly string[]) => ({ text: [license, ...more].join(' '), certificates: [] })

const inTheText: SinceCase[] = [
  no('frozen', 'statement', 'frozen by statement, its certificate in the license text', {
    ...within(speakerKey()),
    ...frozen,
  }),
  no('frozen', 'list', 'on the list, its certificate in the license text', {
    ...within(listerKey()),
    ...onList,
  }),
  no('frozen', 'statement', 'a statement under two of three, one certificate in the text and one beside it', {
    text: `${license2of3} ${speakerOf(QUORUM[0])}`,
    certificates: [speakerOf(QUORUM[1])],
    manifests: [root2],
    ...frozen,
  }),
  yes('active', 'code', 'a statement whose certificate in the license text is of another root', {
    ...within(speakerOf(STRANGER)),
    ...frozen,
    warnings: ['statement_unknown_key'],
  }),
  yes('active', 'code', 'a list whose certificate in the license text is of another root', {
    ...within(listerOf(STRANGER)),
    ...onList,
    warnings: ['list_unknown_key'],
  }),
  yes('active', 'code', 'a statement whose certificate in the license text is for lists', {
    ...within(speakerKey({ usages: 4 })),
    ...frozen,
    warnings: ['statement_not_certified'],
  }),
]

/** A month at most; the statement and the list speak of a year. */
const month = { max_term_months: 1 }
const withoutTerm: SinceCase[] = [
  no('frozen', 'statement', 'the longest term of a certificate is no bar to a statement', {
    certificates: [speakerKey(month)],
    ...frozen,
  }),
  no('frozen', 'list', 'the longest term of a certificate is no bar to a list', {
    certificates: [listerKey(month)],
    list: list({ ...entries([8, 'frozen']), next_update: NOW + 365 * DAY }),
  }),
]

const behind = (count: number, one: string) => [...Array<string>(count).fill('none'), one]
const after = (count: number) => ({ manifests: [...Array<object>(count).fill({}), root2] })
const bounds: SinceCase[] = [
  no('frozen', 'statement', 'the 64th text with certificates', {
    certificates: behind(63, speakerKey()),
    ...frozen,
  }),
  yes('active', 'code', 'the 65th text with certificates is not looked at: a statement', {
    certificates: behind(64, speakerKey()),
    ...frozen,
    warnings: ['statement_unknown_key'],
  }),
  yes('active', null, 'the 64th text with certificates: a code alone', {
    text: lc1(),
    certificates: behind(63, lk1()),
  }),
  no('unknown_key', null, 'the 65th text with certificates is not looked at: a code alone', {
    text: lc1(),
    certificates: behind(64, lk1()),
  }),
  yes('active', 'code', 'the 128th manifest met', {
    text: license2of3,
    ...after(127),
    warnings: ['manifests_refused'],
  }),
  no('unknown_key', null, 'the 129th manifest met is not looked at', {
    text: license2of3,
    ...after(128),
    warnings: ['manifests_refused'],
  }),
]

export const atHand: readonly SinceCase[] = [...inTheText, ...withoutTerm, ...bounds]
