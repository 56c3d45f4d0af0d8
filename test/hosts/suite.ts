import { beforeAll, describe, expect, test } from 'vitest'
import * as node from '../../src/verify/node.ts'
import { testWithVectors } from '../verify/shared-vectors.ts'
import { answer, type Question } from './answer.ts'
import type { EntryName } from './guest.ts'
import type { Host } from './host.ts'
import { PUBLISHED, type Vector } from './published.ts'

type StrictVector = Extract<Question, { ask: 'signature' }> & {
  readonly set: string
  readonly id: number | string
  readonly ok: boolean
}

/** What holds on every host for both entries: the tests of the published vectors and of strict-1. */
export function testVectorsOn(open: () => Promise<Host>): void {
  const host = opened(open)

  describe.each<EntryName>(['web', 'fallback'])('licet/verify/%s', (entry) => {
    test.each(PUBLISHED)('gives what %s.json expects, and all else as on Node', async (_, published) => {
      await expectAnswers(host(), entry, published)
    })

    testWithVectors<readonly StrictVector[]>(
      'ed25519_expected_strict.json',
      'gives the expected verdict on all 1,077 vectors of strict-1',
      async (vectors) => {
        const questions = vectors.map(({ pk, msg, sig }): Question => ({ ask: 'signature', pk, msg, sig }))
        const answers = await host().ask(entry, questions)
        const wrong = vectors.filter(({ ok }, i) => answers[i] !== ok).map(({ set, id }) => `${set} ${id}`)
        expect(wrong).toEqual([])
        expect(answers).toHaveLength(1077)
      },
    )
  })
}

/** On a host without Ed25519 the WebCrypto entry says so, and the other one needs none. */
export function testWithoutEd25519(open: () => Promise<Host>): void {
  const host = opened(open)
  const [, verdicts] = PUBLISHED.find(([file]) => file === 'verdicts')!
  const good = verdicts.filter(({ expected }) => (expected as { valid: boolean }).valid)

  test('licet/verify/web names the entry to import instead, and blames no license', async () => {
    const answers = await host().ask('web', questionsOf(good))
    const thrown = { thrown: expect.stringContaining('import licet/verify/fallback') }
    expect(good.length).toBeGreaterThan(10)
    expect(answers).toEqual(good.map(() => thrown))
  })

  test('licet/verify/fallback accepts every license that verdicts.json does', async () => {
    await expectAnswers(host(), 'fallback', good)
  })
}

/** In place of the tests of a host that cannot be started. */
export function skipAll(host: string, reason: string): void {
  console.warn(`SKIPPED, the verifier in ${host}: ${reason}`)
  test.skip(`the verifier in ${host} (skipped: ${reason})`, () => undefined)
}

/** The host of the tests around, opened before the first of them. */
function opened(open: () => Promise<Host>): () => Host {
  let host: Host
  beforeAll(async () => {
    host = await open()
  })
  return () => host
}

async function expectAnswers(host: Host, entry: EntryName, vectors: readonly Vector[]): Promise<void> {
  const answers = await host.ask(entry, questionsOf(vectors))
  const named = vectors.map(({ name, seen }, i) => [name, seen(answers[i] as never)])
  expect(named).toEqual(vectors.map(({ name, expected }) => [name, expected]))
  const onNode: unknown[] = []
  for (const question of questionsOf(vectors)) onNode.push(await answer(node, question))
  expect(answers).toEqual(onNode)
}

const questionsOf = (vectors: readonly Vector[]): Question[] => vectors.map(({ question }) => question)
