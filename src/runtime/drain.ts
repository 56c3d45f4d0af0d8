import type { Server, ServerResponse } from 'node:http'
import { Server as AnyServer } from 'node:net'

/** Milliseconds the calls under way get to end; a callback is answered within 4 s. */
const DRAIN = 5_000

/**
 * Milliseconds, twice while stopping: first in which new connections are still taken, since one may be made already that
 * this process has not heard of, and would be reset; then in which a connection that nobody uses is kept, since a request
 * may be on its way on it. Whatever comes in them gets its answer, with `connection: close`.
 */
const LINGER = 250

export interface Drain {
  /**
   * Takes no new connection after a moment and resolves when every call under way has had its whole answer, or when `limit`
   * milliseconds have passed: then what is still open is cut off. Answers with how many calls were: requests that
   * had come whole. One that never came whole has no claim to an answer.
   */
  stop(limit?: number): Promise<number>
}

/** Must be asked for before the server gets its listeners, to know of a request before they do. */
export function drainOf(server: Server): Drain {
  const open = new Set<ServerResponse>()
  let stopping = false
  let ended = () => {}

  function note(_: unknown, response: ServerResponse): void {
    open.add(response)
    if (stopping) closeAfter(response)
    response.once('close', () => {
      open.delete(response)
      if (open.size === 0) ended()
    })
  }
  server.on('request', note)
  server.on('checkExpectation', note)

  const nothingOpen = () =>
    new Promise<void>((resolve) => {
      ended = resolve
      if (open.size === 0) resolve()
    })

  return {
    async stop(limit = DRAIN) {
      stopping = true
      for (const response of open) closeAfter(response)
      const over = pause(limit)
      await Promise.race([pause(LINGER), over])
      const gone = new Promise<void>((resolve) => {
        // The HTTP server's own close would cut idle connections at once, and a request on its way with them.
        AnyServer.prototype.close.call(server, () => resolve())
      })
      const quiet = pause(LINGER).then(nothingOpen)
      await Promise.race([gone, quiet, over])
      const cut = [...open].filter(({ req }) => req.complete).length
      server.closeAllConnections()
      await gone
      return cut
    },
  }
}

/** The client sees that no further request will be taken on this connection (RFC 9112 9.6). */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

/** Does not keep the process. */
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
