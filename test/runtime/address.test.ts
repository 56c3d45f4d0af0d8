import { expect, test } from 'vitest'
import { issuerOf, localAddress } from '../../src/runtime/address.ts'

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8787'],
  ['localhost', 'http://localhost:8787'],
  ['::1', 'http://[::1]:8787'],
  ['::', 'http://[::]:8787'],
])('the local address of host %s is %s', (host, address) => {
  expect(localAddress({ host, port: 8787 })).toBe(address)
  expect(URL.canParse(address)).toBe(true)
})

test('the issuer is the public address where one is set, else the local one', () => {
  const local = { host: '::1', port: 1 }
  expect(issuerOf({ ...local, publicUrl: 'https://a.example' })).toBe('https://a.example')
  expect(issuerOf({ ...local, publicUrl: null })).toBe('http://[::1]:1')
})
