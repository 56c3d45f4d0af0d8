import { afterAll, beforeAll, test } from 'vitest'
import { type Desk, openDesk } from '../authority/desk.ts'
import { listen, type Listening } from './server.ts'
let desk: Desk, server: Listening
beforeAll(async () => { desk = await openDesk(); server = await listen(desk.authority, { callbackDeadline: 300 }) })
afterAll(async () => { await server.close(); await desk.close() })
test('probe', async () => {
  const show = async (name: string, p: Promise<unknown>) => { try { console.log(name, await p) } catch (e) { console.log(name, 'threw', e, (e as any).cause) } }
  for (const size of [65_537, 300_000, 5_000_000]) {
    for (const path of ['/callbacks/huawei?signature=aa&timestamp='+desk.clock.nowMs()+'&nonce=abcdefgh', '/v1/validate'])
    await show(path.slice(0, 12) + size, fetch(server.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: 'x'.repeat(size) }).then(async (r) => [r.status, await r.text(), r.headers.get('connection'), r.headers.get('x-request-id')]))
    await show('raw stream ' + size, fetch(server.url + '/v1/validate', { method: 'POST', headers: { 'content-type': 'application/json' }, duplex: 'half', body: new Blob(['x'.repeat(size)]).stream() } as any).then(async (r) => [r.status, await r.text(), r.headers.get('connection')]))
  }
  await show('nohost', server.raw('GET /healthz HTTP/1.1\r\n\r\n'))
  await show('http1.0', server.raw('GET /healthz HTTP/1.0\r\n\r\n'))
  await show('badhost', server.raw('GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'))
  await show('badhost2', server.raw('GET /healthz HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n'))
  await show('trace', server.raw('TRACE /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('unknown method', server.raw('BREW /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('star', server.raw('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('pct', server.raw('GET /callbacks/%E0%A4%A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('pct2', server.raw('GET /callbacks/%2e%2e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('backslash', server.raw('GET /v1\\keys HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('longquery', server.raw('GET /callbacks/huawei?a=' + 'x'.repeat(20000) + ' HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('nonascii', server.raw(Buffer.from('GET /callbacks/huawei?a=\xe5\xbc\xa0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 'latin1')))
  await show('absolute', server.raw('GET http://x.y/callbacks/huawei?a=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('fragment', server.raw('GET /callbacks/huawei?a=1#b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  await show('bad content-length', server.raw('POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n'))
  await show('upgrade', server.raw('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', {pause: 200}))
  console.log(desk.lines.slice(-12))
}, 60000)
