import type { CheckFamily, SceneReport, SceneResult } from '../../authority/marketplace-check.ts'
import { NOTHING, sheet, table } from '../table.ts'

/**
 * What a check found, for somebody who is tired: the scenes by family, then what is wrong with what to do, and how many
 * at the very end.
 */
export function reportText(
  address: string,
  families: readonly CheckFamily[],
  scenes: readonly SceneReport[],
  hints: readonly string[],
): string {
  const odd = (result: SceneResult) => alike(scenes.filter((scene) => scene.result === result))
  return [
    `Check of ${address}\n${HARMLESS}`,
    byFamily([ADDRESS, ...families], scenes),
    ...odd('advice').map(detailed),
    ...odd('fail').map(detailed),
    ...hints.map((hint) => `Hint: ${hint}`),
    summary(scenes),
  ].join('\n\n')
}

const HARMLESS =
  'Only test calls were sent (testFlag 1), of made-up orders and instances, or forged ones of the same: a server that\nkeeps to the documents has changed nothing.'

const ADDRESS: CheckFamily = { name: 'address', title: { en: 'The address', zh: '生产系统接口地址' } }

const HEADINGS = ['RESULT', 'SCENE', 'IN THE CONSOLE', 'ANSWER', 'TIME']

/** One table, so that all columns are as wide, with a line between the families. */
function byFamily(families: readonly CheckFamily[], scenes: readonly SceneReport[]): string {
  const [headings, ...rows] = table(HEADINGS, scenes.map(row)).split('\n')
  const parts = families.map((family) => {
    const own = rows.filter((_, at) => scenes[at]?.family === family.name)
    const { passed, advised } = countsOf(scenes.filter((scene) => scene.family === family.name))
    const { name, title } = family
    return [`${title.en} (${title.zh}), ${name}: ${passed + advised} of ${own.length} pass`, ...own].join(
      '\n',
    )
  })
  return [headings, ...parts].join('\n\n')
}

const WORDS: Readonly<Record<SceneResult, string>> = {
  pass: 'pass',
  advice: 'advice',
  fail: 'FAIL',
  unplayed: 'not played',
}

function row({ result, title, calls }: SceneReport): readonly string[] {
  const last = calls.at(-1)
  const answer = last && (last.resultCode ?? (last.status === null ? 'none' : `HTTP ${last.status}`))
  const time = last && `${Math.round(last.milliseconds)} ms`
  return [WORDS[result], title.en, title.zh, answer ?? NOTHING, time ?? NOTHING]
}

/** Scenes of a family that failed for the same reason are told together: the first, and then the names of the others. */
function alike(scenes: readonly SceneReport[]): readonly (readonly SceneReport[])[] {
  const groups = new Map<string, SceneReport[]>()
  for (const scene of scenes) {
    const key = JSON.stringify([scene.family, scene.findings, scene.calls.at(-1)?.got])
    groups.set(key, [...(groups.get(key) ?? []), scene])
  }
  return [...groups.values()]
}

function detailed([first, ...others]: readonly SceneReport[]): string {
  const { result, family, title, expected, findings, calls, why, otherwise } = first!
  const last = calls.at(-1)
  const got = last && `${last.status === null ? '' : `HTTP ${last.status} `}${last.got}`
  return `${WORDS[result]}  ${family}: ${title.en} (${title.zh})\n${sheet([
    ['  what', findings.join('; ')],
    ['  sent', last?.sent ?? null],
    ['  expected', expected.length === 0 ? null : expected.join(' or ')],
    ['  came back', got ?? null],
    ['  why', why],
    ['  otherwise', otherwise],
    ['  likewise', others.length === 0 ? null : others.map((one) => one.title.en).join('; ')],
  ])}`
}

export interface Counts {
  readonly passed: number
  readonly advised: number
  readonly failed: number
  readonly unplayed: number
}

export function countsOf(scenes: readonly SceneReport[]): Counts {
  const count = (result: SceneResult) => scenes.filter((scene) => scene.result === result).length
  return {
    passed: count('pass'),
    advised: count('advice'),
    failed: count('fail'),
    unplayed: count('unplayed'),
  }
}

function summary(scenes: readonly SceneReport[]): string {
  const { passed, advised, failed, unplayed } = countsOf(scenes)
  const parts = [
    `${passed} of ${scenes.length} scenes pass`,
    ...(advised > 0 ? [`${advised} pass with advice`] : []),
    ...(failed > 0 ? [`${failed} FAIL`] : []),
    ...(unplayed > 0 ? [`${unplayed} not played for want of answers`] : []),
  ]
  return `${parts.join(', ')}.`
}
