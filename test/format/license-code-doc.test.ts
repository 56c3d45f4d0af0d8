import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { vectors } from './kit.ts'

const DOC = readFileSync(new URL('../../docs/license-code.md', import.meta.url), 'utf8')
const SECTION = DOC.slice(DOC.indexOf('\n## 9. Check a code with openssl'))
/** The shell blocks of the section: making the key, checking a JWS, checking an LC1. */
const [MAKE_KEY, CHECK_JWS, CHECK_CODE] = [...SECTION.matchAll(/```sh\n(.*?)```/gs)].map((block) => block[1]!)

const { keys, good } = vectors<{
  keys: { x: string; seed_hex: string }[]
  good: { name: string; body_hex: string; sig_hex: string; code: string; jws: string }[]
}>('license-code')
const certificates = vectors<{
  keys: { x: string }[]
  good: { sig_hex: string; certificate: string }[]
}>('key-certificate')
const EXAMPLE = good[0]!

const openssl = /^OpenSSL (\d+)/.exec(spawnSync('openssl', ['version']).stdout?.toString() ?? '')?.[1]
const absent =
  Number(openssl ?? 0) < 3 ? 'openssl 3' : spawnSync('base32', ['--version']).status !== 0 ? 'base32' : null
if (absent !== null) console.warn(`SKIPPED, ${absent} is absent: the shell commands of docs/license-code.md`)

/** Runs lines of the document in an empty directory, as a reader would. */
function shell(...scripts: string[]): { status: number | null; output: string } {
  const directory = mkdtempSync(join(tmpdir(), 'licet-openssl-'))
  try {
    const run = spawnSync('sh', ['-e', '-c', scripts.join('\n')], { cwd: directory, encoding: 'utf8' })
    return { status: run.status, output: run.stdout + run.stderr }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const VERIFIED = { status: 0, output: expect.stringContaining('Signature Verified Successfully') }
const REFUSED = { status: 1, output: expect.stringContaining('Signature Verification Failure') }

const checkJws = (jws: string) => shell(MAKE_KEY!, CHECK_JWS!.replace(EXAMPLE.jws, jws))
const checkCode = (code: string) => shell(MAKE_KEY!, CHECK_CODE!.replace(EXAMPLE.code, code))

describe('the shell commands of docs/license-code.md', { timeout: 60_000 }, () => {
  const name = (text: string) => (absent === null ? text : `${text} (skipped: ${absent} is absent)`)
  const run = test.skipIf(absent !== null)

  run(name('verify the code they show, in both spellings'), () => {
    expect(CHECK_JWS).toContain(EXAMPLE.jws)
    expect(CHECK_CODE).toContain(EXAMPLE.code)
    expect(shell(MAKE_KEY!, CHECK_JWS!)).toEqual(VERIFIED)
    expect(shell(MAKE_KEY!, CHECK_CODE!)).toEqual(VERIFIED)
  })

  run(name('verify a bound code too, and one of the largest numbers'), () => {
    for (const { jws, code } of [good[2]!, good[7]!]) {
      expect(checkJws(jws)).toEqual(VERIFIED)
      expect(checkCode(code)).toEqual(VERIFIED)
    }
  })

  run(name('refuse an altered code'), () => {
    const [header, body, signature] = EXAMPLE.jws.split('.') as [string, string, string]
    const flip = (text: string, at: number) =>
      text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
    const trial = Buffer.from(body, 'base64url')
    trial[1] = 1
    expect(checkJws(`${header}.${trial.toString('base64url')}.${signature}`)).toEqual(REFUSED)
    expect(checkJws(`${flip(header, 40)}.${body}.${signature}`)).toEqual(REFUSED)
    expect(checkJws(`${header}.${body}.${flip(signature, 30)}`)).toEqual(REFUSED)
    expect(checkCode(EXAMPLE.code.replace('LC1-040BW', 'LC1-040BX'))).toEqual(REFUSED)
  })

  run(name('refuse the code under another key'), () => {
    const root = certificates.keys[0]!.x
    expect(shell(MAKE_KEY!.replace(keys[0]!.x, root), CHECK_JWS!)).toEqual(REFUSED)
  })
})

test('the examples of docs/license-code.md are those of the vectors', () => {
  const bound = good.find((one) => one.name === 'bound to a device')!
  const manifest = vectors<{ good: { payload: object }[] }>('root-manifest').good[0]!
  const statement = vectors<{ good: { claims: object }[] }>('statement').good[0]!
  const facts = [
    EXAMPLE.code,
    EXAMPLE.jws,
    EXAMPLE.sig_hex,
    keys[0]!.x,
    keys[0]!.seed_hex,
    bound.body_hex.slice(72),
  ]
  const [certificate] = certificates.good
  facts.push(certificates.keys[0]!.x, certificate!.certificate, certificate!.sig_hex)
  facts.push(JSON.stringify(manifest.payload), JSON.stringify(statement.claims))
  expect(facts.filter((fact) => !DOC.includes(fact))).toEqual([])
})
