import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { type Absent, bundle, type Host, hostOf, type Running } from './host.ts'

/** Not an address of the machine itself: without TLS a browser gives no WebCrypto to pages from there. */
const PLAIN_HTTP_HOST = 'shop.test'

export interface RunningBrowser extends Running {
  /** A page that was fetched without TLS from what is, to the browser, another machine. */
  openPlainHttp(): Promise<Host>
}

/** A real Chromium, with pages from a server of 127.0.0.1. */
export async function startBrowser(): Promise<RunningBrowser | Absent> {
  const script = await bundle('guest-page.ts')
  const browser = await launchChromium([`--host-resolver-rules=MAP ${PLAIN_HTTP_HOST} 127.0.0.1`])
  if ('absent' in browser) return browser
  const server = await serve(script)

  const open = async (hostname: string, preamble: string): Promise<Host> => {
    const page = await browser.newPage()
    await page.addInitScript(preamble)
    await page.goto(`http://${hostname}:${server.port}/`)
    await page.waitForFunction(() => 'answerAll' in globalThis)
    return hostOf((asked) => answersOf(page, asked))
  }

  return {
    name: `Chromium ${browser.version()}`,
    open: (preamble) => open('127.0.0.1', preamble),
    openPlainHttp: () => open(PLAIN_HTTP_HOST, ''),
    close: async () => {
      await browser.close()
      await server.close()
    },
  }
}

function answersOf(page: Page, asked: string): Promise<string> {
  return page.evaluate((text) => {
    const { answerAll } = globalThis as unknown as { answerAll: (asked: string) => Promise<string> }
    return answerAll(text)
  }, asked)
}

/** The page loads its script and may do nothing else: no request, no `eval`. */
const POLICY = "default-src 'none'; script-src 'self'"
const PAGE = '<!doctype html><title>licet/verify</title><script type="module" src="/guest.js"></script>'

async function serve(script: string): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/guest.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.setHeader('content-security-policy', POLICY)
    response.end(isScript ? script : PAGE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
