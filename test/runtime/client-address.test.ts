import { describe, expect, test } from 'vitest'
import { clientsBehind, isAddressRange } from '../../src/runtime/client-address.ts'

const asked = (trusted: readonly string[], peer: string | undefined, forwarded?: string | string[]) =>
  clientsBehind(trusted)({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { ...(peer !== undefined && { remoteAddress: peer }) },
  })

describe('behind a trusted proxy', () => {
  const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48']

  test.each([
    ['the address it names', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    [
      'the right-most that is no proxy: what stands left of it may be forged',
      '127.0.0.1',
      '1.1.1.1, 203.0.113.7',
      '203.0.113.7',
    ],
    ['the one before a chain of proxies', '10.2.3.4', '1.1.1.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['the one before a proxy on IPv6', '2001:db8:1::5', '203.0.113.7, 2001:db8:1:2::9', '203.0.113.7'],
    ['the left-most when all are proxies', '127.0.0.1', '10.1.1.1,10.2.2.2', '10.1.1.1'],
    ['an address without its port', '127.0.0.1', '203.0.113.7:51234', '203.0.113.7'],
    ['an IPv6 address without brackets and port', '127.0.0.1', '[2001:db8::1]:51234', '2001:db8:0:0/64'],
    ['an IPv4 address in IPv6 spelling', '127.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
    [
      'the client of a proxy that itself connects by such a spelling',
      '::ffff:127.0.0.1',
      '203.0.113.7',
      '203.0.113.7',
    ],
  ])('the client is %s', (_, peer, forwarded, client) => {
    expect(asked(PROXIES, peer, forwarded)).toBe(client)
  })

  test('two headers count as one', () => {
    expect(asked(PROXIES, '127.0.0.1', ['1.1.1.1', '203.0.113.7'])).toBe('203.0.113.7')
  })

  test.each([
    ['nobody', undefined],
    ['an empty name', ''],
    ['no address', 'unknown'],
    ['no address at the end', '1.1.1.1, _hidden'],
    ['no address with a port', '999.1.1.1:80'],
  ])('it is not known when the proxy names %s', (_, forwarded) => {
    expect(asked(PROXIES, '127.0.0.1', forwarded)).toBeNull()
  })

  test.each([
    '203.0.113.9',
    '192.168.1.1',
    '::1',
    '2001:db8:2::1',
  ])('what %s says, which is no proxy, is not believed: it is the client itself', (peer) => {
    expect(asked(PROXIES, peer, '198.51.100.1')).toBe(asked(PROXIES, peer))
    expect(asked(PROXIES, peer)).not.toBeNull()
  })
})

describe('without a trusted proxy', () => {
  test.each(['203.0.113.7', '::ffff:203.0.113.7', '8.8.8.8'])('%s is the client', (peer) => {
    expect(asked([], peer)).toBe(peer.replace('::ffff:', ''))
  })

  test.each(['203.0.113.7', '127.0.0.1'])('a proxy nobody named at %s hides its clients', (peer) => {
    expect(asked([], peer, '198.51.100.1')).toBeNull()
  })

  test.each([
    ...['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '172.31.0.1', '192.168.0.1', '100.64.0.1'],
    ...['169.254.1.1', 'fd00::1', 'fe80::1%eth0'],
  ])('%s may be a proxy for anybody', (peer) => {
    expect(asked([], peer)).toBeNull()
  })

  test('a connection that is gone has no address', () => {
    expect(asked([], undefined)).toBeNull()
  })
})

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2/64'],
  ['2001:db8:1:2:ffff::1', '2001:db8:1:2/64'],
  ['2001:DB8::1', '2001:db8:0:0/64'],
  ['2001:db8:0:0:1::', '2001:db8:0:0/64'],
])('all of the network of %s is one client', (peer, client) => {
  expect(asked([], peer)).toBe(client)
})

test.each([
  '127.0.0.1',
  '10.0.0.0/8',
  '::1',
  '2001:db8::/32',
  '203.0.113.7/32',
  '::/1',
])('%s is a range', (text) => {
  expect(isAddressRange(text)).toBe(true)
})

test.each([
  ...['', 'proxy', 'localhost', '10.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/-1'],
  ...['10.0.0.0/1e1', '::/129', '0.0.0.0/0', '::/0', '10.0.0.256', ' 10.0.0.1'],
])('%j is no range, or everybody', (text) => {
  expect(isAddressRange(text)).toBe(false)
})
