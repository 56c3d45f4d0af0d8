import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import type { AppOptions, Incoming } from '../http/app.ts'

/** Whether a text is an address, or a range of them in CIDR form (RFC 4632, RFC 4291 2.3) that is not everybody. */
export function isAddressRange(text: string): boolean {
  const { address, prefix } = rangeOf(text)
  const bits = isIP(address) === 6 ? 128 : 32
  return isIP(address) !== 0 && (prefix === null || (/^\d{1,3}$/.test(prefix) && isWithin(+prefix, bits)))
}

const isWithin = (prefix: number, bits: number): boolean => prefix >= 1 && prefix <= bits

/**
 * Names the client of a request, for the limit of questions: an IPv4 address, or the /64 of an IPv6 address, which is
 * the least that one client has; null where it is not known.
 *
 * `trusted` are the reverse proxies, as `isAddressRange` accepts them. Only what they say in `x-forwarded-for` is
 * believed: the right-most address in it that is not a trusted proxy itself; what stands left of it the client may
 * have written. Without any, a connection from a public address is taken for the client's own, unless the request
 * speaks of a proxy; one from this machine or a private network may be anybody's.
 */
export function clientsBehind(trusted: readonly string[]): NonNullable<AppOptions['clientOf']> {
  const proxies = listOf(trusted)
  return ({ headers, socket }: Incoming) => {
    const peer = plain(socket.remoteAddress ?? '')
    const forwarded = String(headers['x-forwarded-for'] ?? '')
    const client =
      trusted.length > 0
        ? holds(proxies, peer)
          ? forwardedClient(forwarded, proxies)
          : peer
        : forwarded === '' && !holds(NOT_PUBLIC, peer)
          ? peer
          : null
    return client === null ? null : allowanceOf(client)
  }
}

/** null where the proxy named nobody that can be read. */
function forwardedClient(forwarded: string, proxies: BlockList): string | null {
  const hops = forwarded.split(',').map((hop) => plain(hop.trim()))
  const client = hops.findLast((hop) => !holds(proxies, hop)) ?? hops[0]!
  return isIP(client) === 0 ? null : client
}

/** Without a port, brackets, a zone, or the IPv6 spelling of an IPv4 address; some proxies add them. */
function plain(text: string): string {
  const address =
    /^\[([^\]]*)\](:\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
}

function allowanceOf(address: string): string | null {
  if (isIPv4(address)) return address
  return isIPv6(address) ? `${first64(address)}/64` : null
}

/** The first four groups; a URL spells every group in one way (RFC 5952). */
function first64(address: string): string {
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [left = '', right] = spelled.split('::')
  const [before, after] = [left, right ?? ''].map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array<string>(8 - before!.length - after!.length).fill('0')
  return [...before!, ...zeros, ...after!].slice(0, 4).join(':')
}

function holds(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const { address, prefix } of ranges.map(rangeOf)) {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === null) list.addAddress(address, family)
    else list.addSubnet(address, +prefix, family)
  }
  return list
}

function rangeOf(text: string): { readonly address: string; readonly prefix: string | null } {
  const [address = '', prefix = null] = text.split(/\/(.*)/s)
  return { address, prefix }
}

/** This machine, private and shared networks, links (RFC 6890, RFC 6598, RFC 4193). */
const NOT_PUBLIC = listOf([
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  ...['::1', 'fc00::/7', 'fe80::/10'],
])
