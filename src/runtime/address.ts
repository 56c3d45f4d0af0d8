import type { Config } from './config.ts'

/** `http://` address of a host and a port; an IPv6 address goes in brackets (RFC 3986 3.2.2). */
export function localAddress({ host, port }: Pick<Config, 'host' | 'port'>): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** `iss` of what is signed: the public address, or the local one where none is set. */
export const issuerOf = (config: Pick<Config, 'host' | 'port' | 'publicUrl'>): string =>
  config.publicUrl ?? localAddress(config)
