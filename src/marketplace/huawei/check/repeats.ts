import { member } from '../../../format/members.ts'
import type { Answer } from './answers.ts'
import { judgeCase } from './cases.ts'
import { inLowerCase, withCharset } from './damage.ts'
import { leadCall } from './lead.ts'
import { advises, type Family, judgeCode, type Scene, type Stage, SUCCESS, UNAUTHENTICATED } from './scene.ts'

export function repeats(family: Family): readonly Scene[] {
  const [lead] = family.cases
  const common = { family: family.name, otherwise: lead.otherwise }
  return [
    {
      ...common,
      scene: 'again',
      title: { en: 'the same case, signed anew', zh: '重复调用(重新签名)' },
      expected: lead.passes ?? [SUCCESS],
      why: 'So the marketplace tries again, and so its probes come twice a day.',
      calls: (stage) => [leadCall(family, stage), leadCall(family, stage)],
      judge: ([, second], stage) => judgeCase(lead, second!, stage.opens),
    },
    {
      ...common,
      scene: 'same-bytes',
      title: { en: 'the same call, byte for byte', zh: '重复调用(相同报文)' },
      expected: [...(lead.passes ?? [SUCCESS]), ...(family.signedBy === 'nonce' ? [UNAUTHENTICATED] : [])],
      why: 'A line that breaks makes clients and proxies send a call twice.',
      calls(stage) {
        const call = leadCall(family, stage)
        return [call, call]
      },
      judge: ([first, second]) => judgeSameBytes(family, first!, second!),
    },
  ]
}

/** A replay may be refused where a nonce tells it; otherwise one call has one answer (reference 3.12). */
function judgeSameBytes({ cases: [lead], signedBy }: Family, first: Answer, second: Answer) {
  const passes = lead.passes ?? [SUCCESS]
  const findings = judgeCode(second, signedBy === 'nonce' ? [...passes, UNAUTHENTICATED] : passes)
  const isRefused = second.type === 'read' && second.resultCode === UNAUTHENTICATED
  if (findings.length > 0 || isRefused || first.type !== 'read' || second.type !== 'read') return findings
  const other = ['instanceId', 'license'].filter(
    (name) => member(first.members, name) !== member(second.members, name),
  )
  return other.map((name) =>
    advises(`another "${name}" than before: of a real order that would be a second one`),
  )
}

/** The same call in other words: each must be taken as the first case is. */
export function spellings(family: Family): readonly Scene[] {
  const [lead] = family.cases
  const taken = {
    family: family.name,
    expected: lead.passes ?? [SUCCESS],
    judge: ([answer]: readonly Answer[], { opens }: Stage) => judgeCase(lead, answer!, opens),
  }
  const member: Scene = {
    ...taken,
    scene: 'unknown-member',
    title: { en: 'a member that no table has, in Chinese', zh: '未知参数' },
    why: 'The marketplace adds members without notice: they are signed, and otherwise ignored.',
    otherwise: 'On the day a member is added, every call fails.',
    calls: (stage) => [leadCall(family, stage, { fields: (fields) => ({ ...fields, checkMember: ODD }) })],
  }
  const charset: Scene = {
    ...taken,
    scene: 'charset',
    title: { en: 'Content-Type with a charset', zh: 'Content-Type带字符集' },
    why: 'The documents have examples with and without one.',
    otherwise: 'Calls fail as soon as the marketplace spells its header so.',
    calls: (stage) => [withCharset(leadCall(family, stage))],
  }
  const lowerCase: Scene = {
    ...taken,
    scene: 'lower-case',
    title: { en: 'a signature in lower-case digits', zh: '签名小写' },
    why: 'The documents have examples in both cases, and the marketplace’s sample program ignores it.',
    otherwise: 'Calls fail as soon as the marketplace spells its signatures so.',
    calls: (stage) => [inLowerCase(leadCall(family, stage))],
  }
  return family.signedBy === 'token' ? [member] : [member, charset, lowerCase]
}

/** Characters that encodings like to change. */
const ODD = '检测 +%/"ö'
