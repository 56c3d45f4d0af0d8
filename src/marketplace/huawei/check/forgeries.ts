import type { Members } from '../caller.ts'
import type { Answer } from './answers.ts'
import { altered, unsigned } from './damage.ts'
import { leadCall } from './lead.ts'
import {
  advises,
  type Family,
  type Finding,
  judgeCode,
  MALFORMED,
  type Scene,
  SUCCESS,
  UNAUTHENTICATED,
} from './scene.ts'

const HOUR_MS = 3_600_000

const OPEN_DOOR = 'Whoever knows the address can make, prolong or end licenses.'

export function forgeries(family: Family): readonly Scene[] {
  const refused = {
    family: family.name,
    expected: [UNAUTHENTICATED],
    why: OPEN_DOOR,
    otherwise: 'The marketplace does not notice.',
    judge: ([answer]: readonly Answer[]) => judgeCode(answer!, [UNAUTHENTICATED]),
  }
  return [
    {
      ...refused,
      scene: 'forged',
      title: { en: 'signed by another key', zh: '错误密钥签名' },
      calls: (stage) => [leadCall(family, stage, { callers: stage.strangers })],
    },
    {
      ...refused,
      scene: 'altered',
      title: { en: 'altered after it was signed', zh: '签名后篡改' },
      calls: (stage) => [altered(leadCall(family, stage), stage.props.mark)],
    },
    {
      ...refused,
      scene: 'unsigned',
      title: { en: 'without a signature', zh: '缺少签名' },
      calls: (stage) => [unsigned(leadCall(family, stage))],
    },
  ]
}

export function stale(family: Family): readonly Scene[] {
  const expected = [MALFORMED, UNAUTHENTICATED]
  const why = 'A call that somebody recorded works as long as its time is not looked at.'
  const common = { family: family.name, expected, why, otherwise: 'The marketplace does not notice.' }
  const old: Scene = {
    ...common,
    scene: 'stale',
    title: { en: 'signed an hour ago', zh: '过期时间戳' },
    calls: (stage) => [leadCall(family, stage, { agoMs: HOUR_MS })],
    judge: ([answer]) =>
      softened(judgeCode(answer!, expected), answer!, family.signedBy === 'token' && NO_LIMIT),
  }
  const again: Scene = {
    ...common,
    scene: 'nonce-again',
    title: { en: 'a nonce that was used before', zh: '重复随机数' },
    calls(stage) {
      const moment = stage.moment()
      const [lead] = family.cases
      const fields = lead.fields(stage.props, moment)
      const sent = (more: Members) =>
        family.call(stage.callers, { ...fields, ...more }, moment, lead.to ?? '')
      return [sent({}), sent({ checkMember: '1' })]
    },
    judge: ([, answer]) => softened(judgeCode(answer!, expected), answer!, NO_CODE),
  }
  return family.signedBy === 'token' ? [old] : [old, again]
}

const NO_LIMIT = 'accepted; no document limits the age of such a call, but a limit is wise'
const NO_CODE = 'accepted; the documents say to remember each nonce, but not what to answer'

/** Advice instead of failure where a server took the call as good, and `because` says why it may. */
function softened(findings: readonly Finding[], answer: Answer, because: string | false) {
  const accepted = answer.type === 'read' && answer.resultCode === SUCCESS
  return findings.length > 0 && accepted && because !== false ? [advises(because)] : findings
}
