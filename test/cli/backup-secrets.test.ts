import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import { developmentRootPurpose, signingKeyPurpose } from '../../src/authority/purposes.ts'
import { readConfig } from '../../src/runtime/config.ts'
import { sealingOf } from '../../src/runtime/master-key.ts'
import { type Stage, sold, stage } from './stage.ts'

const PASSPHRASE = 'canary passphrase of the spare'
const ACCESS_KEY = 'the-first-access-key'
const BUYER = '张三 canary of a buyer'
const SECRET_KEY = 'canary-of-a-secret-key'
const UPLOADED = 'LC1-CANARY-OF-WHAT-IS-UPLOADED'

/** Every way in which a private key may be written by mistake. */
function spellings(secret: Buffer): readonly Buffer[] {
  const texts = (['hex', 'base64', 'base64url'] as const).map((one) =>
    secret.toString(one).replaceAll('=', ''),
  )
  const written = [...texts, texts[0]!.toUpperCase(), JSON.stringify([...secret]).slice(1, -1)]
  return [secret, ...written.map((text) => Buffer.from(text))]
}

/** Everything that must not be read in a backup: keys that sign, the root, the master key, access keys, people. */
async function secretsOf(here: Stage): Promise<Readonly<Record<string, readonly Buffer[]>>> {
  const read = readConfig({ LICET_DATA: here.data })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const sealing = sealingOf(read.config, { random: () => new Uint8Array() })
  const keys = await here.inside(({ store }) => store.keys())
  const root = await here.inside(({ store }) => store.setting('development_root'))
  const sealedRoot = readFileSync(join(here.data, 'development-root.jwe'), 'utf8').trim()
  const signing = keys.flatMap(({ kid, sealed }) =>
    sealed === null ? [] : [[`signing key ${kid}`, sealing.open(signingKeyPurpose(kid), sealed)] as const],
  )
  const inBytes = [
    ...signing,
    ['development root', sealing.open(developmentRootPurpose(root!), sealedRoot)] as const,
    ['master key', Buffer.from(readFileSync(join(here.data, 'master.key'), 'utf8'), 'base64url')] as const,
  ]
  const texts = {
    ...{ passphrase: PASSPHRASE, 'access key': ACCESS_KEY, buyer: BUYER },
    ...{ 'secret key': SECRET_KEY, 'license text to be uploaded': UPLOADED },
  }
  return Object.fromEntries([
    ...inBytes.map(([name, secret]) => [name, spellings(Buffer.from(secret))]),
    ...Object.entries(texts).map(([name, text]) => [
      name,
      [Buffer.from(text), ...spellings(Buffer.from(text))],
    ]),
  ])
}

test('a backup holds no private key, passphrase, credentials, buyer or call to be made that can be read', async () => {
  const here = await stage()
  here.files.set('pass.txt', `${PASSPHRASE}\n`)
  const spare = ['--private-file', 'spare.key', '--passphrase-file', 'pass.txt']
  for (const words of [['rotate'], ['add', '--spare', ...spare]])
    expect((await here.licet('keys', ...words)).exit).toBe(0)
  const id = await sold(here, '--customer', BUYER)
  here.files.set('pair.txt', `AK\n${SECRET_KEY}\n`)
  const set = ['set-open-api', 'huawei', '--credentials-file', 'pair.txt']
  expect((await here.licet('channel', ...set)).exit).toBe(0)
  const call = await here.inside(async (authority) => {
    const upload = { type: 'upload_license', event: 'E', text: UPLOADED } as const
    const order = newOutgoing(authority, 'huawei', 'E', upload)
    await authority.store.commit({ outgoing: [order] })
    return order
  })
  const file = join(here.data, 'backup.jsonl')
  expect((await here.licet('backup', file)).exit).toBe(0)
  const bytes = readFileSync(file)
  // The search finds what is there.
  for (const there of [id, call.id, call.sealed]) expect(bytes.includes(there)).toBe(true)
  const secrets = await secretsOf(here)
  expect(Object.keys(secrets).length).toBeGreaterThan(7)
  const found = Object.entries(secrets).filter(([, all]) => all.some((one) => bytes.includes(one)))
  expect(found.map(([name]) => name)).toEqual([])
})
