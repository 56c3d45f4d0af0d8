import { describe, expect, it } from 'vitest'
import type { Exchange, Exchanged, ExchangeRequest } from '../../../../src/authority/marketplace-check.ts'
import { works } from '../../../support/model-seller.ts'
import { answered, checked, FAMILIES, judged, modelExchange, named } from './kit.ts'

describe('what most failures come from is said once', () => {
  it('a wrong path', async () => {
    const { hints } = await checked({ sends: (response) => response.writeHead(404).end('none') })
    expect(hints).toEqual([expect.stringMatching(/Nothing lies at this address \(HTTP 404\).*channel add/)])
  })

  it('a wrong access key', async () => {
    const report = await judged({}, { accessKey: 'a key of somebody else' })
    expect(report.hints).toEqual([expect.stringMatching(/access key of the file is not the one/)])
    expect(named(report, 'fail').filter((scene) => /forged|altered|unsigned/.test(scene))).toEqual([])
  })

  it('a clock of this machine that is an hour slow', async () => {
    const { hints } = await judged({}, { nowMs: () => Date.now() - 3_600_000 })
    expect(hints).toEqual([expect.stringMatching(/\(000002\): are the clocks/)])
  })

  it('an access key of its own for the kit', async () => {
    const model = modelExchange()
    const { hints } = await judged({}, { exchange: (request) => kitRefused(model, request) })
    expect(hints).toEqual([
      expect.stringMatching(/^Every call of Kit, version 2 was refused as forged/),
      expect.stringMatching(/^Every call of Kit, version 1 was refused as forged/),
    ])
  })

  it('a family that the server does not speak', async () => {
    const knows = (activity: string) => activity !== 'orderNotify' && activity !== 'checkNoActivity'
    const { hints } = await judged({ knows })
    expect(hints).toEqual([expect.stringMatching(/does not speak Order notice.*--family/)])
  })

  it('a server with nothing to sell', async () => {
    const nothing = { resultCode: '000005' }
    const { hints } = await judged({
      works: (call, activity) => (activity === 'getLicense' ? nothing : works(call, activity)),
    })
    expect(hints).toEqual([expect.stringMatching(/answered 000005.*catalog apply/)])
  })

  it('nothing, where single scenes fail for reasons of their own', async () => {
    const { hints } = await judged({ believes: () => true, lacks: () => false }, { families: FAMILIES })
    expect(hints).toEqual([])
  })
})

const REFUSED = JSON.stringify({ resultCode: '000001', resultMsg: 'no' })

const kitRefused = async (model: Exchange, request: ExchangeRequest): Promise<Exchanged> =>
  request.url.includes('/produceAPI/') ? answered(REFUSED) : model(request)
