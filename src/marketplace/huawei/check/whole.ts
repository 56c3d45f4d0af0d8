import { member } from '../../../format/members.ts'
import type { Answer } from './answers.ts'
import { advises, type Callers, type Family, type Finding, fails, type Scene } from './scene.ts'

/** What all answers of a family owe together: a fault that is in each of them is told once. */
export interface Whole extends Omit<Scene, 'calls' | 'judge' | 'expected'> {
  /** null when there is no answer to look at: why not is told by the scenes that got none. */
  readonly judge: (answers: readonly Answer[], callers: Callers) => readonly Finding[] | null
}

const UNREADABLE = 'The marketplace cannot read such an answer, and counts the call as failed.'

export const wholesOf = (family: Family): readonly Whole[] => [
  {
    family: family.name,
    scene: 'answers-in-time',
    title: { en: 'every answer in time', zh: '响应时间' },
    why: 'The marketplace waits 5 seconds.',
    otherwise: 'A call that is answered later counts as failed.',
    judge: inTime,
  },
  {
    family: family.name,
    scene: 'answers-type',
    title: { en: 'every answer is application/json', zh: '响应类型' },
    why: 'The marketplace looks at Content-Type.',
    otherwise: UNREADABLE,
    judge: typed,
  },
  {
    family: family.name,
    scene: 'answers-shape',
    title: { en: 'resultCode and resultMsg in every answer', zh: '响应参数' },
    why: 'Codes have 6 digits and are those of the documents, messages at most 255 characters.',
    otherwise: UNREADABLE,
    judge: shaped,
  },
  {
    family: family.name,
    scene: 'answers-signed',
    title: { en: 'every answer has a true Body-Sign', zh: '响应签名' },
    why: 'By the access key, over exactly the bytes of the body; refusals too.',
    otherwise: 'The marketplace does not believe an answer that is not signed.',
    judge: (answers, callers) => signed(family, answers, callers),
  },
]

/** Half of what the marketplace waits. Milliseconds. */
const SLOW_MS = 2_500

function inTime(answers: readonly Answer[]): readonly Finding[] {
  const late = answers.filter((one) => one.type === 'unusable' && one.failure === 'timeout')
  if (late.length > 0) return [fails(`${count(late, answers)} not in time`)]
  const slow = answers.filter(({ milliseconds }) => milliseconds > SLOW_MS)
  const slowest = Math.round(Math.max(0, ...slow.map(({ milliseconds }) => milliseconds)))
  return slow.length === 0 ? [] : [advises(`${count(slow, answers)} slow: ${slowest} ms of 5,000`)]
}

const JSON_TYPE = /^\s*application\/json\s*(?:;.*)?$/i

function typed(answers: readonly Answer[]): readonly Finding[] | null {
  const answered = answers.filter(isAnswer)
  if (answered.length === 0) return null
  const others = answered.filter(({ headers }) => !JSON_TYPE.test(headers.get('content-type') ?? ''))
  return others.length === 0 ? [] : [fails(`${count(others, answered)} of another type`)]
}

/** Every result code of every family (reference 3.8). */
const CODES: ReadonlySet<string> = new Set([
  ...['000000', '000001', '000002', '000003', '000004', '000005'],
  ...['000100', '000101', '000102', '000103', '000104', '000105', '000106', '000107'],
  ...['000900', '000901', '000902', '000903'],
])

const LONGEST_MESSAGE = 255

function shaped(answers: readonly Answer[]): readonly Finding[] | null {
  const answered = answers.filter(isAnswer)
  if (answered.length === 0) return null
  const faults = answered.flatMap((one) => {
    const fault = shapeFault(one)
    return fault === null ? [] : [fault]
  })
  return [...new Set(faults)].map((fault) =>
    fails(`${faults.filter((one) => one === fault).length} of ${answered.length} answers: ${fault}`),
  )
}

function shapeFault(answer: Answer): string | null {
  if (answer.type === 'unusable') return 'no JSON object'
  const { resultCode, members } = answer
  const message = member(members, 'resultMsg')
  if (resultCode === null) return 'no "resultCode", or it is no text'
  if (!CODES.has(resultCode)) return 'a "resultCode" that no document has'
  if (typeof message !== 'string') return 'no "resultMsg", or it is no text'
  if ([...message].length > LONGEST_MESSAGE) return `"resultMsg" is over ${LONGEST_MESSAGE} characters`
  return null
}

function signed({ signedBy }: Family, answers: readonly Answer[], { base, kit }: Callers) {
  const answered = answers.filter(isAnswer)
  if (answered.length === 0) return null
  const unsigned = answered.filter(({ headers }) => !headers.has('body-sign'))
  const wrong = answered.filter(({ headers, text }) => {
    const header = headers.get('body-sign') ?? null
    return header !== null && !base.bodySignHolds(text, header) && !kit.bodySignHolds(text, header)
  })
  const believed = wrong.filter((one) => !isRefusal(one))
  const refusals = wrong.filter(isRefusal)
  const weigh = signedBy === 'token' ? fails : advises
  return [
    ...(unsigned.length > 0 ? [weigh(`${count(unsigned, answered)} not signed`)] : []),
    ...(believed.length > 0 ? [fails(`${count(believed, answered)} signed wrong`)] : []),
    ...(refusals.length > 0 ? [advises(`${count(refusals, answered)} ${BY_ANOTHER}`)] : []),
  ]
}

/** What no key opens is refused under whichever key the seller chose: he may have several (contract 3.1). */
const isRefusal = (answer: Answer): boolean =>
  answer.type !== 'unusable' && (answer.resultCode === '000001' || answer.resultCode === '000002')

const BY_ANOTHER =
  'refuse a call and are not signed by this key: right only where the seller has several keys'

const isAnswer = ({ status }: Answer): boolean => status === 200

const count = (some: readonly unknown[], all: readonly unknown[]): string =>
  `${some.length} of ${all.length} answers`
