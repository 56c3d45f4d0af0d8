import * as fallback from '../../src/verify/fallback.ts'
import * as web from '../../src/verify/web.ts'
import { answer, type Question } from './answer.ts'

/** The program that runs inside the host; bundled, with both entries that a host other than Node can import. */

const ENTRIES = { web, fallback } as const

export type EntryName = keyof typeof ENTRIES

export interface Asked {
  readonly entry: EntryName
  readonly questions: readonly Question[]
}

/** The JSON of all answers, in the order of the questions. */
export async function answerAll(asked: string): Promise<string> {
  const { entry, questions } = JSON.parse(asked) as Asked
  const answers: unknown[] = []
  for (const question of questions) answers.push(await answer(ENTRIES[entry], question))
  return JSON.stringify(answers)
}
