/** Holds back who asks too often; see `createRateLimit`. */
export interface RateLimit {
  /** Whole seconds until the client may ask again; 0: it may ask now, and this counts as asking. */
  take(client: string, nowMs: number): number
  /** What was taken last counts no more. */
  giveBack(client: string): void
}

export interface Allowance {
  /** Questions at once after a pause. */
  readonly burst: number
  /** Questions a second for as long as one likes. */
  readonly perSecond: number
  /** Most clients remembered at once; whoever is forgotten may ask as one never met. */
  readonly mostClients: number
}

/**
 * 600 at once: an office of hundreds of machines behind one address, all started at nine. 20 a second: such an office
 * for as long as it likes, and about a hundredth of what one core can answer. 20,000 clients are some 3 MB.
 */
export const ALLOWANCE: Allowance = { burst: 600, perSecond: 20, mostClients: 20_000 }

/**
 * Of questions that cost a call to a marketplace, in the seller's name, and have earned nothing yet: 60 typing errors at
 * once, and one in five seconds. Whoever tries out codes needs as many addresses as he wants to be quick.
 */
export const GUESSES: Allowance = { burst: 60, perSecond: 0.2, mostClients: 20_000 }

/** Of all clients together whom nobody can tell apart, as those behind a proxy that was not named. */
export const UNNAMED_GUESSES: Allowance = { burst: 600, perSecond: 2, mostClients: 2 }

interface Bucket {
  tokens: number
  at: number
}

/**
 * A token bucket per client, in the memory of this process: of several processes each allows as much, and one that
 * starts again has forgotten. It keeps one client from using up the server by mistake or out of spite; it does not
 * stop an attack from many addresses, which is the work of whatever stands in front.
 */
export function createRateLimit({ burst, perSecond, mostClients }: Allowance): RateLimit {
  // Whoever asks is in the newer of two; when that is full the older, of whom nobody asked since, is forgotten. Taking
  // the oldest out of one Map would cost more the more had been taken out before.
  let newer = new Map<string, Bucket>()
  let older = new Map<string, Bucket>()

  function remember(client: string, bucket: Bucket): void {
    if (newer.size >= mostClients / 2 && !newer.has(client)) {
      older = newer
      newer = new Map()
    }
    newer.set(client, bucket)
  }

  function refilled(known: Bucket | undefined, nowMs: number): Bucket {
    if (known === undefined) return { tokens: burst, at: nowMs }
    // A clock that was set back gives nothing and takes nothing.
    const gained = (Math.max(0, nowMs - known.at) / 1000) * perSecond
    return { tokens: Math.min(burst, known.tokens + gained), at: nowMs }
  }

  return {
    take(client, nowMs) {
      const bucket = refilled(newer.get(client) ?? older.get(client), nowMs)
      remember(client, bucket)
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond))
      bucket.tokens -= 1
      return 0
    },
    giveBack(client) {
      const bucket = newer.get(client) ?? older.get(client)
      if (bucket !== undefined) bucket.tokens = Math.min(burst, bucket.tokens + 1)
    },
  }
}
