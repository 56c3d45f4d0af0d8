import { afterAll, describe } from 'vitest'
import { startBrowser } from './browser.ts'
import { WITHOUT_ED25519 } from './host.ts'
import { skipAll, testVectorsOn, testWithoutEd25519 } from './suite.ts'

const browser = await startBrowser()

if ('absent' in browser) {
  skipAll('a real browser', browser.absent)
} else {
  afterAll(browser.close)

  describe(`In ${browser.name},`, () => {
    testVectorsOn(() => browser.open(''))
  })

  describe(`In ${browser.name} without Ed25519,`, () => {
    testWithoutEd25519(() => browser.open(WITHOUT_ED25519))
  })

  describe(`In ${browser.name} on a page that was fetched without TLS,`, () => {
    testWithoutEd25519(browser.openPlainHttp)
  })
}
