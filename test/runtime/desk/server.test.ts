import { expect, onTestFinished, test } from 'vitest'
import type { Failure } from '../../../src/marketplace/huawei/desk/commands.ts'
import type { Answered } from '../../../src/marketplace/huawei/desk/open-api/books.ts'
import { CannotStart } from '../../../src/runtime/cannot-start.ts'
import { type OpenApiServer, serveOpenApis } from '../../../src/runtime/desk/open-api-server.ts'
import { createTransport } from '../../../src/runtime/transport.ts'

const LOCAL = { host: '127.0.0.1', port: 0 }

async function served(answer: Answered | Failure): Promise<OpenApiServer> {
  const server = await serveOpenApis(LOCAL, async () => answer)
  onTestFinished(() => server.close())
  return server
}

const get = (url: string) => ({
  method: 'GET' as const,
  url: `${url}/x`,
  headers: {},
  body: new Uint8Array(),
})
const transport = createTransport({ patience: 2_000 })
const text = (body: Uint8Array) => new TextDecoder().decode(body)

test('an answer goes out as JSON with its status', async () => {
  const { url } = await served({ status: 401, json: { error_code: 'APIGW.0301' } })
  const sent = await transport.send(get(url))
  expect(sent).toMatchObject({ type: 'answered', status: 401 })
  expect(sent.type === 'answered' && text(sent.body)).toBe('{"error_code":"APIGW.0301"}')
})

test.each<[Failure, object]>([
  [
    { type: 'status', status: 503 },
    { type: 'answered', status: 503 },
  ],
  [
    { type: 'code', code: '92020001' },
    { type: 'answered', status: 200 },
  ],
  [{ type: 'rubbish' }, { type: 'answered', status: 200 }],
  [{ type: 'silence' }, { type: 'failed', why: 'timeout' }],
  [{ type: 'redirect' }, { type: 'failed', why: 'redirect' }],
  [{ type: 'flood' }, { type: 'failed', why: 'answer_too_large' }],
  [{ type: 'cut' }, { type: 'failed', why: 'cut_off' }],
])('%j is what a seller’s server meets', async (failure, met) => {
  const { url } = await served(failure)
  expect(await transport.send(get(url))).toMatchObject(met)
})

test('what arrives is told byte for byte, and what is too long is not read', async () => {
  const seen: Uint8Array[] = []
  const server = await serveOpenApis(LOCAL, async ({ body }) => {
    seen.push(body)
    return { status: 200, json: {} }
  })
  onTestFinished(() => server.close())
  const post = (body: Uint8Array) =>
    transport.send({ method: 'POST', url: server.url, headers: { 'content-type': 'text/plain' }, body })
  await post(new TextEncoder().encode('bytes 你'))
  expect(seen.map(text)).toEqual(['bytes 你'])
  await post(new Uint8Array(3 * 1024 * 1024))
  expect(seen).toHaveLength(1)
})

test('an address that is taken is a sentence', async () => {
  const { url } = await served({ type: 'silence' })
  const port = Number(new URL(url).port)
  await expect(serveOpenApis({ ...LOCAL, port }, async () => ({ type: 'silence' }))).rejects.toThrow(
    CannotStart,
  )
})
