/** A site of the marketplace with the addresses of its open APIs, in the order they are tried (reference 11.1). */
export const SITES = {
  cn: ['https://mkt.myhuaweicloud.com', 'https://mkt.myhuaweicloud.cn'],
  intl: ['https://mkt-intl.myhuaweicloud.com'],
  eu: ['https://mkt.myhuaweicloud.eu'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type SiteName = keyof typeof SITES

/**
 * The addresses of a site: `cn`, `intl`, `eu`, or an origin of one's own (`https://…`; `http://` on this machine
 * alone, for a marketplace that is simulated). null for anything else.
 */
export function originsOf(site: string): readonly string[] | null {
  if (Object.hasOwn(SITES, site)) return SITES[site as SiteName]
  if (!URL.canParse(site)) return null
  const { protocol, hostname, origin } = new URL(site)
  const isHere = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost'
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? [origin] : null
}
