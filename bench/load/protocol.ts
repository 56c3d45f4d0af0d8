/** What the bench asks of the load generator, and what it gets back; plain data, because it crosses processes. */
export type Job = Prepare | Run

/** Builds and signs requests before any clock runs. They stay in the generator under the name of their set. */
export interface Prepare {
  readonly type: 'prepare'
  readonly set: string
  /** Its path is what is sent; whose it is, each run says. */
  readonly address: string
  readonly what: Purchases | Validations | Plain
}

/** `getLicense` calls of License 1.0, each of another order and signed with `authToken`. */
export interface Purchases {
  readonly type: 'purchases'
  readonly accessKey: string
  /** Begins every order number, so that two sets never share one. */
  readonly prefix: string
  readonly count: number
}

/** `count` validations of these license texts, in turn. */
export interface Validations {
  readonly type: 'validations'
  readonly texts: readonly string[]
  readonly count: number
}

/** `count` GET requests of the address itself. */
export interface Plain {
  readonly type: 'plain'
  readonly count: number
}

/** Sends part of a set in a closed loop: `inFlight` callers, each sends its next when it has its answer. */
export interface Run {
  readonly type: 'run'
  readonly set: string
  readonly from: number
  readonly to: number
  readonly inFlight: number
  /** Callers go to them in turn. Their processor time is read right before and right after. */
  readonly servers: readonly Server[]
  /** Gives back the license texts of the answers. */
  readonly keepTexts: boolean
}

export interface Server {
  readonly origin: string
  readonly pid: number
}

export interface RunResult {
  readonly requests: number
  readonly seconds: number
  /** User and system time of the servers per request, microseconds; null where the machine does not tell. */
  readonly cpuMicros: number | null
  readonly p50Micros: number
  readonly p99Micros: number
  readonly texts: readonly string[]
}

export type Reply =
  | { readonly ok: true; readonly result: RunResult | null }
  | { readonly ok: false; readonly error: string }
