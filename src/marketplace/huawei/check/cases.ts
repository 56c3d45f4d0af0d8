import type { Answer } from './answers.ts'
import {
  advises,
  type Case,
  type Family,
  type Finding,
  fails,
  judgeCode,
  MALFORMED,
  type Scene,
  SUCCESS,
} from './scene.ts'

/** The debugging cases of a family, a scene each. */
export const casesOf = (family: Family): readonly Scene[] =>
  family.cases.map((one) => {
    const { scene, title, why, otherwise, passes = [SUCCESS] } = one
    return {
      family: family.name,
      ...{ scene, title, why, otherwise },
      expected: passes,
      calls(stage) {
        const moment = stage.moment()
        return [family.call(stage.callers, one.fields(stage.props, moment), moment, one.to ?? '')]
      },
      judge: ([answer], stage) => judgeCase(one, answer!, stage.opens),
    }
  })

/** What the marketplace would say of an answer to this case. */
export function judgeCase(
  { passes = [SUCCESS], judge, optional }: Case,
  answer: Answer,
  opens: Parameters<NonNullable<Case['judge']>>[1],
): readonly Finding[] {
  if (optional !== undefined && answer.type === 'read' && answer.resultCode === MALFORMED)
    return [advises(`this server does not speak it: ${optional}`)]
  const findings = judgeCode(answer, passes)
  if (findings.length > 0 || answer.type !== 'read' || judge === undefined) return findings
  return judge(answer, opens).map(fails)
}
