import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { customerOf, customerPurpose, sealCustomer } from '../../src/authority/customer.ts'
import { createSealing } from '../../src/crypto/sealing.ts'
import { utf8 } from '../../src/format/bytes.ts'

const ID = '1ef6fc706daff69a'
const sealing = createSealing(randomBytes(32), (length) => randomBytes(length))
const opened = (sealed: string | null) =>
  customerOf({ store: { customer: async () => sealed }, sealing } as unknown as Authority, ID)

const BUYER = JSON.stringify({
  customerId: '68cbc86abc2018ab880d92f36422fa0e',
  customerName: '华为云 "甲"',
  userId: 'u',
  userName: 'n',
  mobilePhone: '+86',
  email: 'a@b',
})

describe("a buyer's personal data", () => {
  it.each([
    BUYER,
    '{"customerId":"only"}',
    '{"email":"only"}',
    'Müller & Söhne',
    '',
    '\u0001',
    '\u0001\u0003',
    'x\u0002y',
    '\u0002',
    '{"customerId":"","customerName":""}"}"}',
  ])('come back as they were: %j', async (text) => {
    expect(await opened(sealCustomer(sealing, ID, text))).toBe(text)
  })

  it('come back as they were, whatever JSON they are', () =>
    fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        expect(await opened(sealCustomer(sealing, ID, text))).toBe(text)
      }),
    ))

  it('open as they were sealed before they were kept short', async () => {
    for (const text of [BUYER, 'Müller & Söhne'])
      expect(await opened(sealing.seal(customerPurpose(ID), utf8(text)))).toBe(text)
  })

  it('take less room than their JSON, though they are sealed and written as text', () => {
    const sealed = sealCustomer(sealing, ID, BUYER)!
    expect(sealed.length).toBeLessThan(utf8(BUYER).length)
  })

  it('are none where there are none', async () => {
    expect(sealCustomer(sealing, ID, null)).toBeNull()
    expect(await opened(null)).toBeNull()
  })
})
