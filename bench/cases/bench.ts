import type { LoadGenerator } from '../load/client.ts'
import type { Options } from '../options.ts'
import type { WorkDirectory } from '../work-directory.ts'

/** What every case is given. */
export interface Bench {
  readonly options: Options
  readonly work: WorkDirectory
  readonly load: LoadGenerator
}

/** Callers at the same time in the throughput phases. */
export const IN_FLIGHT = 32
