import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signingKeyPurpose } from '../../src/authority/purposes.ts'
import { type Stage, stage } from './stage.ts'

const PASSPHRASE = 'canary passphrase of the spare'

/** What every command said, and the private keys there were at any time. */
interface Lived {
  readonly here: Stage
  readonly said: string
  readonly secrets: readonly Buffer[]
  /** Sealed private parts of keys that were retired. */
  readonly destroyed: readonly string[]
}

async function live(): Promise<Lived> {
  const here = await stage()
  here.files.set('pass.txt', `${PASSPHRASE}\n`)
  here.files.set('wrong.txt', 'canary of a wrong passphrase\n')
  let said = ''
  const secrets = new Map<string, Buffer>()
  const seals = new Map<string, string>()
  const spare = ['--private-file', 'spare.key', '--passphrase-file', 'pass.txt']
  const lines: string[][] = [
    ['add', '--request-file', 'r.txt'],
    ['certify'],
    ['add', '--spare', ...spare],
    ['certify', '--dry-run'],
    ['certify'],
    ['import', '--private', 'spare.key', '--passphrase-file', 'wrong.txt'],
    ['import', '--private', 'spare.key', '--passphrase-file', 'pass.txt'],
    ['promote', 'pending'],
    ['promote', 'pending', '--force', '--reason', 'test'],
    ['retire', 'retired'],
    ['rotate', '--dry-run'],
    ['rotate', '--root-key', 'spare.key', '--passphrase-file', 'pass.txt'],
    ['rotate'],
    ['request'],
    ['list'],
    ['history'],
  ]
  for (const line of lines) {
    await here.inside(async ({ store, sealing }) => {
      for (const { kid, sealed } of await store.keys()) {
        if (sealed === null) continue
        secrets.set(kid, Buffer.from(sealing.open(signingKeyPurpose(kid), sealed)))
        seals.set(kid, sealed)
      }
    })
    for (const json of [[], ['--json']]) {
      const ran = await here.licet('keys', ...(await named(here, line)), ...json)
      said += ran.out + ran.err
    }
  }
  const ended = (await here.inside(({ store }) => store.keys())).filter(({ sealed }) => sealed === null)
  const destroyed = ended.flatMap(({ kid }) => seals.get(kid) ?? [])
  return { here, said, secrets: [...secrets.values()], destroyed }
}

async function named(here: Stage, line: readonly string[]): Promise<readonly string[]> {
  const keys = await here.inside(({ store }) => store.keys())
  const codes = keys.filter(({ usage, spare }) => usage === 'codes' && !spare)
  return line.map((word) => codes.find(({ status }) => status === word)?.kid ?? word)
}

function spellings(secret: Buffer): readonly (string | Buffer)[] {
  const texts = (['hex', 'base64', 'base64url'] as const).map((one) =>
    secret.toString(one).replaceAll('=', ''),
  )
  return [secret, ...texts]
}

test('no secret is said or left behind, sealed or open, once a key has ended', {
  timeout: 60_000,
}, async () => {
  const { here, said, secrets, destroyed } = await live()
  expect(secrets.length).toBeGreaterThan(4)
  expect(destroyed.length).toBeGreaterThan(2)
  const kept = Buffer.concat([
    ...readdirSync(here.data).map((name) => readFileSync(join(here.data, name))),
    ...[...here.files]
      .filter(([name]) => !['pass.txt', 'wrong.txt', 'access-key.txt'].includes(name))
      .map(([, text]) => Buffer.from(text)),
  ])
  for (const place of [Buffer.from(said), kept]) {
    for (const secret of secrets)
      for (const spelling of spellings(secret)) expect(place.includes(spelling)).toBe(false)
    for (const sealed of destroyed) expect(place.includes(sealed)).toBe(false)
    expect(place.includes(PASSPHRASE)).toBe(false)
    expect(place.includes('canary of a wrong')).toBe(false)
  }
})
