import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../../../src/authority/marketplace-check.ts'
import { answered, check, FAMILIES, judged, modelExchange, named } from './kit.ts'

/** A code that no scene here expects, and that some family has. */
const WRONG = JSON.stringify({ resultCode: '000103', resultMsg: 'a wrong code' })

/** The model, but the answers from one number to another are wrong ones. */
function wrongAt(first: number, last: number): Exchange {
  const model = modelExchange()
  let number = 0
  return async (request) => {
    const answer = await model(request)
    const at = number++
    return at >= first && at <= last ? answered(WRONG) : answer
  }
}

describe('every scene that sends something', () => {
  it.each(FAMILIES)('of %s fails alone when it alone is answered wrong', async (family) => {
    const { scenes } = await judged({}, { families: [family] })
    const sending = scenes.filter(({ calls }) => calls.length > 0)
    let sent = 0
    for (const { scene, calls } of sending) {
      const last = sent + calls.length - 1
      const report = await check('https://licenses.example.com/isv', {
        families: [family],
        exchange: wrongAt(sent, last),
      })
      if (report.type !== 'checked') throw new Error(report.why)
      expect(named(report, 'fail')).toEqual([`${family}/${scene}`])
      const failed = report.scenes.find((one) => one.result === 'fail')!
      expect(failed.calls.at(-1)).toMatchObject({ status: 200, resultCode: '000103' })
      expect(failed.findings.join()).toContain('answered 000103, expected 00000')
      sent = last + 1
    }
    expect(sending.length).toBeGreaterThan(10)
  })
})
