import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { signingInput } from '../../src/format/jws.ts'
import { readLicenseText } from '../../src/format/license-text.ts'
import { purchase, type Shop, shop } from '../support/shop.ts'

describe('a purchased code, judged by the openssl command line through its JWS spelling', () => {
  let seller: Shop
  const directory = mkdtempSync(join(tmpdir(), 'licet-openssl-'))
  let parts: { message: Uint8Array; signature: Uint8Array; x: string }

  beforeAll(async () => {
    seller = await shop()
    const { server, huawei } = await seller.open()
    const bought = await huawei.getLicense(purchase('CS-OPENSSL'))
    const read = readLicenseText(bought.license ?? '', nodeCrypto.sha256)
    if (!read.ok) throw new Error(read.reason)
    const { value, body, signature } = read.code
    const keys = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string; x: string }[]
    }
    const x = keys.keys.find(({ kid }) => kid === value.kid)?.x ?? ''
    parts = { message: signingInput(value.kid, 'lc1', body), signature, x }
  })
  afterAll(async () => {
    await seller.remove()
    rmSync(directory, { recursive: true, force: true })
  })

  const openssl = (message: Uint8Array, signature: Uint8Array): boolean => {
    const der = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(parts.x, 'base64url'),
    ])
    writeFileSync(join(directory, 'key.der'), der)
    writeFileSync(join(directory, 'message'), message)
    writeFileSync(join(directory, 'signature'), signature)
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.der', '-keyform', 'DER', '-rawin']
    try {
      execFileSync('openssl', [...args, '-in', 'message', '-sigfile', 'signature'], {
        cwd: directory,
        stdio: 'pipe',
      })
      return true
    } catch {
      return false
    }
  }

  it('is accepted', () => {
    expect(openssl(parts.message, parts.signature)).toBe(true)
  })

  it('is refused when one character of it differs', () => {
    const altered = Uint8Array.from(parts.message)
    altered[altered.length - 1]! ^= 1
    expect(openssl(altered, parts.signature)).toBe(false)
  })
})
