import type {
  CallReport,
  Exchange,
  ExchangeFailure,
  SceneReport,
  SceneResult,
} from '../../../authority/marketplace-check.ts'
import { type Answer, readAnswer } from './answers.ts'
import type { Finding, Scene, Stage } from './scene.ts'
import { secretsOf, shownCall } from './shown.ts'

/** What all scenes of a run have in common. */
export interface Playing {
  readonly stage: Stage
  readonly exchange: Exchange
  /** The access keys: what no report may hold. */
  readonly secrets: readonly string[]
}

export interface Played {
  readonly report: SceneReport
  readonly answers: readonly Answer[]
}

/** Nobody waits for the whole list while a server does not answer at all. */
const MOST_SILENCE = 3

const SILENT: ReadonlySet<ExchangeFailure | null> = new Set(['no_connection', 'certificate', 'timeout'])

/**
 * Plays the scenes one after the other. After three calls in a row that nobody answered, the rest stays unplayed;
 * `unreachable` when nothing at all was answered until then.
 */
export async function play(
  scenes: readonly Scene[],
  playing: Playing,
): Promise<readonly Played[] | { readonly unreachable: ExchangeFailure }> {
  const played: Played[] = []
  let silent = 0
  for (const scene of scenes) {
    if (silent >= MOST_SILENCE) {
      played.push({ answers: [], report: unplayed(scene, scene.expected) })
      continue
    }
    const one = await playScene(scene, playing)
    played.push(one)
    const failure = failureOf(one.answers.at(-1))
    silent = SILENT.has(failure) ? silent + 1 : 0
    if (silent === played.length && (silent === MOST_SILENCE || failure === 'certificate'))
      return { unreachable: failure! }
  }
  return played
}

const failureOf = (answer: Answer | undefined): ExchangeFailure | null =>
  answer?.type === 'unusable' ? answer.failure : null

async function playScene(scene: Scene, { stage, exchange, secrets }: Playing): Promise<Played> {
  const answers: Answer[] = []
  const calls: CallReport[] = []
  for (const call of scene.calls(stage)) {
    const answer = readAnswer(await exchange(call))
    answers.push(answer)
    calls.push(shownCall(call, answer, [...secrets, ...secretsOf(call)]))
  }
  return { report: reportOf(scene, scene.judge(answers, stage), calls, scene.expected), answers }
}

/** What a report says of a scene, whatever came of it. */
type Told = Omit<Scene, 'calls' | 'judge' | 'expected'>

export function reportOf(
  { family, scene, title, why, otherwise }: Told,
  findings: readonly Finding[],
  calls: readonly CallReport[] = [],
  expected: readonly string[] = [],
): SceneReport {
  const told = findings.map(({ what }) => what)
  return { family, scene, title, result: resultOf(findings), expected, calls, findings: told, why, otherwise }
}

function resultOf(findings: readonly Finding[]): SceneResult {
  if (findings.some(({ weight }) => weight === 'fail')) return 'fail'
  return findings.length > 0 ? 'advice' : 'pass'
}

/** Nothing is known of it. */
export const unplayed = (scene: Told, expected: readonly string[] = []): SceneReport => ({
  ...reportOf(scene, [], [], expected),
  result: 'unplayed',
})
