import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/runtime/config.ts'
import { masterKeyMark } from '../../src/runtime/master-key.ts'
import { nodeShell } from '../../src/runtime/shell.ts'
import worker from '../../src/runtime/worker.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { authorityOn, foundOnD1, SEALED_UNDER } from '../support/d1-instance.ts'
import { type WorkerModule, workerServer } from '../support/worker-server.ts'

const TOKEN = 'operator-token-of-the-tests-000001'

let d1: LocalD1
const data = mkdtempSync(join(tmpdir(), 'licet-reached-'))
beforeAll(async () => {
  d1 = await startD1()
  await foundOnD1(d1.binding)
  const { store, sealing } = authorityOn(d1.binding)
  for (const [name, mark] of Object.entries(masterKeyMark(sealing))) await store.setSetting(name, mark)
})
afterAll(async () => {
  await d1?.close()
  rmSync(data, { recursive: true, force: true })
})

/** As one of before the question: it does not know it. */
const OLDER: WorkerModule = {
  async fetch(request, ...rest) {
    const text = await request.clone().text()
    const answer = await worker.fetch(request, ...rest)
    return text.includes('public_url')
      ? new Response('{"code":"malformed_request"}', { status: 400 })
      : answer
  },
}

/** Whom a command on the operator's machine signs as, and where it reached the Worker. */
async function signsAs(its: string, own: string, code: WorkerModule = worker) {
  const secrets = { LICET_MASTER_KEY: SEALED_UNDER, LICET_OPERATOR_TOKEN: TOKEN }
  const variables = { ...secrets, LICET_PUBLIC_URL: its, LICET_LOG_LEVEL: 'silent' }
  const server = await workerServer(code, { DB: d1.binding, ...variables })
  onTestFinished(() => server.close())
  const shell = nodeShell(readConfig({ ...secrets, LICET_DATA: data, LICET_PUBLIC_URL: own }))
  shell.reach(`${server.url}/`, null)
  const opened = await shell.open()
  await opened.close()
  expect(shell.isPublic).toBe(true)
  return { issuer: opened.authority.issuer, reachedAt: server.url }
}

it.each([
  '',
  'https://elsewhere.example.com',
])('a command signs as the Worker, whatever LICET_PUBLIC_URL is here: "%s"', async (own) => {
  expect((await signsAs('https://licenses.example.com/', own)).issuer).toBe('https://licenses.example.com')
})

it.each([
  ['has no address yet', '', worker],
  ['is of an older Licet', 'https://licenses.example.com', OLDER],
])('where the Worker %s, a command signs as its own LICET_PUBLIC_URL, else as the address', async (_, its, code) => {
  expect((await signsAs(its, 'https://own.example.com', code)).issuer).toBe('https://own.example.com')
  const { issuer, reachedAt } = await signsAs(its, '', code)
  expect(issuer).toBe(reachedAt)
})

it('without the master key an instance is not opened, and is exported all the same', async () => {
  const secrets = { LICET_OPERATOR_TOKEN: TOKEN, LICET_LOG_LEVEL: 'silent' }
  const server = await workerServer(worker, { DB: d1.binding, ...secrets })
  onTestFinished(() => server.close())
  const shell = nodeShell(readConfig({ LICET_DATA: join(data, 'without'), ...secrets }))
  shell.reach(server.url, null)
  await expect(shell.open()).rejects.toThrow('The master key is missing')
  const exported = await shell.moves.exportTo(join(data, 'out.jsonl'), () => undefined)
  expect(exported).toMatchObject({ ok: true })
})
