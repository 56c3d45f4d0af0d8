import { createDecipheriv, scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkRequests } from '../../../src/authority/ceremony/certify.ts'
import { openKey } from '../../../src/authority/ceremony/root-key.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { requestPayload } from '../../../src/format/certification-request.ts'
import { readRevocationRequest, writeRevocationRequest } from '../../../src/format/revocation-request.ts'
import { sha256 } from '../../format/kit.ts'
import { passphrases } from './kit.ts'

const README = readFileSync(new URL('../../../keys/README.md', import.meta.url), 'utf8')
const blocks = [...README.matchAll(/```\w*\n(.*?)```/gs)].map((block) => block[1]!)
const SEALED = blocks.find((block) => block.startsWith('01') && block.includes('\n12'))!
const REQUEST = blocks.find((block) => block.startsWith('eyJ'))!
const [REQUEST_BODY, REVOCATION] = blocks.filter((block) => block.startsWith('{')) as [string, string]

const PASSPHRASE = 'correct horse battery staple'
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Written from keys/README.md alone. */
function opened(text: string, passphrase: string): string {
  const bits = (symbols: string) =>
    [...symbols].map((s) => ALPHABET.indexOf(s).toString(2).padStart(5, '0')).join('')
  const body = Buffer.concat(
    text
      .trim()
      .split('\n')
      .map((line, i) => {
        const [number, symbols] = line.replace(/-/g, '').split('  ') as [string, string]
        const ten = Buffer.from(
          bits(symbols.slice(0, 16))
            .match(/.{8}/g)!
            .map((byte) => Number.parseInt(byte, 2)),
        )
        const digest = sha256(Buffer.concat([Buffer.from(`licet-line ${i + 1}\n`), ten]))
        const check = [...digest.subarray(0, 4)]
          .map((byte) => byte.toString(2).padStart(8, '0'))
          .join('')
          .slice(0, 25)
        expect([Number(number), bits(symbols.slice(16))]).toEqual([i + 1, check])
        return ten
      }),
  )
  expect(body.length).toBe(120)
  const [version, purpose, logN = 0, r = 0, p = 0] = body
  expect([version, purpose]).toEqual([1, 1])
  const digest = sha256(Buffer.concat([Buffer.from('licet-sealed-key\n'), body.subarray(0, 113)]))
  expect(body.subarray(113).equals(Buffer.from(digest).subarray(0, 7))).toBe(true)
  const key = scryptSync(passphrase, body.subarray(5, 21), 32, { N: 2 ** logN, r, p, maxmem: 2 ** 28 })
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(21, 33))
  decipher.setAAD(Buffer.concat([Buffer.from('licet-sealed-key 1 root\n'), body.subarray(81, 113)]))
  decipher.setAuthTag(body.subarray(65, 81))
  return Buffer.concat([decipher.update(body.subarray(33, 65)), decipher.final()]).toString('hex')
}

describe('keys/README.md is enough to', () => {
  test('open a sealed key without this program', () => {
    expect(opened(SEALED, PASSPHRASE)).toBe(SEED)
  })

  test('know what this program opens', async () => {
    const key = await openKey(passphrases, nodeCrypto, PASSPHRASE, SEALED, 'root')
    expect(key).toMatchObject({ ok: true, value: { kid: '90facafe' } })
    expect(await openKey(passphrases, nodeCrypto, `${PASSPHRASE}r`, SEALED, 'root')).toMatchObject({
      ok: false,
    })
  })

  test('write a certification request', () => {
    const read = checkRequests(REQUEST, nodeCrypto)
    if (!read.ok) throw new Error(read.no.why)
    expect(Buffer.from(requestPayload(read.value[0])).toString()).toBe(REQUEST_BODY.trim())
    expect(read.value[0].kid).toBe('90facafe')
  })

  test('write a revocation request', () => {
    const read = readRevocationRequest(REVOCATION, sha256)
    expect(read).toMatchObject({ kid: '90facafe', reason: 'found in a public repository' })
    expect(writeRevocationRequest(read!)).toBe(REVOCATION)
  })
})
