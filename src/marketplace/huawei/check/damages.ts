import type { Answer } from './answers.ts'
import { leadCall } from './lead.ts'
import { type Family, judgeCode, MALFORMED, type Scene } from './scene.ts'

export function damages(family: Family): readonly Scene[] {
  const refused = {
    family: family.name,
    expected: [MALFORMED],
    judge: ([answer]: readonly Answer[]) => judgeCode(answer!, [MALFORMED]),
    otherwise: 'You believe in calls that say nothing, and find out when a buyer complains.',
  }
  const missing: Scene = {
    ...refused,
    scene: 'missing',
    title: { en: `without ${family.mandatory}`, zh: `缺少${family.mandatory}` },
    why: 'A mandatory member is not there, so nothing can have been done.',
    calls: (stage) => [
      leadCall(family, stage, { fields: (fields) => ({ ...fields, [family.mandatory]: undefined }) }),
    ],
  }
  const unknown: Scene = {
    ...refused,
    scene: 'unknown-activity',
    title: { en: 'an activity that does not exist', zh: '未知接口' },
    why: 'A server that says "done" to what it does not know hides calls it should have.',
    calls: (stage) => [
      leadCall(family, stage, { fields: (fields) => ({ ...fields, activity: 'checkNoActivity' }) }),
    ],
  }
  return family.hasActivity ? [missing, unknown] : [missing]
}
