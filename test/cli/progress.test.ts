import { describe, expect, it } from 'vitest'
import { progressTeller } from '../../src/cli/progress.ts'

function teller(isTerminal: boolean) {
  const said: string[] = []
  let now = 1_000
  const { tell, end } = progressTeller({ isTerminal, now: () => now, err: (text) => void said.push(text) })
  const pass = (seconds: number): void => {
    now += seconds
  }
  return { tell, end, said: () => said.join(''), pass }
}

describe('progress', () => {
  it('on a terminal is a bar in one line, which is left at the end', () => {
    const one = teller(true)
    one.tell('writing', 0, 100)
    one.pass(2)
    one.tell('writing', 50, 100)
    one.tell('writing', 100, 100)
    one.end()
    expect(one.said()).toBe(
      `\r[${'='.repeat(15)}${' '.repeat(15)}] 50 of 100 rows imported, 25/s\r[${'='.repeat(30)}] 100 of 100 rows imported, 50/s\n`,
    )
  })

  it('elsewhere is a line every five seconds', () => {
    const one = teller(false)
    for (let done = 0; done <= 120; done += 10) {
      one.tell('checking', done, 1_000)
      one.pass(1)
    }
    one.end()
    expect(one.said()).toBe('50 of 1000 rows checked, 10/s\n100 of 1000 rows checked, 10/s\n')
  })

  it('of a short work is silence', () => {
    const one = teller(false)
    one.tell('exporting', 10, 10)
    one.end()
    expect(one.said()).toBe('')
  })

  it('tells what it knows where nobody knows how much there is', () => {
    const one = teller(false)
    one.tell('raising', 0, null)
    one.pass(5)
    one.tell('raising', 2_000, null)
    expect(one.said()).toBe('2000 licenses raised, 400/s\n')
  })
})
