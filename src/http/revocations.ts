import type { Context } from 'hono'
import type { Authority } from '../authority/authority.ts'
import { createRevocationLists } from '../authority/revocations.ts'
import { productNamed } from '../domain/catalog.ts'
import type { Env } from './app.ts'
import { inTime } from './deadline.ts'
import { problem } from './problem.ts'
import type { Answering, Reply } from './reply.ts'

/** Seconds a cache on the way may keep a list; software that looks once an hour loses nothing. */
const CACHE_SECONDS = 60

/**
 * `GET /v1/revocations/{product}`, by its code or its id: the signed list as a compact JWT (contract 1.5), tagged with
 * its number. 404 for a product that is not sold here, 503 while no key may sign lists or the list is too long to be one.
 */
export function revocations(authority: Authority, deadline: number): Answering {
  const lists = createRevocationLists(authority)
  const look = async (c: Context<Env>, expired: Promise<void>): Promise<Reply> => {
    const { catalog } = await authority.configuration.current(authority.ambient.now())
    const product = productNamed(catalog, c.req.param('product') ?? '')
    if (product === null) return problem('not_found')
    const current = await lists.current(product, expired)
    if (!current.ok) return problem('unavailable')
    const { text, number } = current.value
    const tag = `"${number}"`
    const headers = { etag: tag, 'cache-control': `public, max-age=${CACHE_SECONDS}` }
    if (knows(c.req.header('if-none-match'), tag)) return { status: 304, headers, body: null }
    return { status: 200, headers: { ...headers, 'content-type': 'application/jwt' }, body: text }
  }
  return (c, requestId) =>
    inTime(
      authority,
      requestId,
      deadline,
      (expired) => look(c, expired),
      () => problem('unavailable'),
    )
}

/** RFC 9110 13.1.2, by weak comparison. */
function knows(sent: string | undefined, tag: string): boolean {
  const tags = (sent ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags.includes(tag) || sent?.trim() === '*'
}
