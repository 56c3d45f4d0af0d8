import type { Attempt } from './judge.ts'
import type { Resource } from './market.ts'
import type { Opinion } from './opinion.ts'

/** What happens at the desk, for whoever watches. */
export type DeskEvent =
  | {
      readonly type: 'call'
      readonly activity: string
      /** What it is about, as the console names it. */
      readonly about: string
      readonly attempt: Attempt
      /** Counted from 1. */
      readonly tries: number
      readonly most: number
    }
  | {
      readonly type: 'open_api'
      readonly method: string
      readonly target: string
      readonly status: number | null
      /** The error code of the answer, or the way in which there was none. */
      readonly code: string
    }
  | {
      readonly type: 'probe'
      readonly when: 'morning' | 'afternoon' | 'now'
      readonly made: number
      readonly failed: readonly { readonly activity: string; readonly failure: string }[]
    }
  | { readonly type: 'day'; readonly day: number; readonly failed: boolean; readonly opinion: Opinion }
  | { readonly type: 'status'; readonly resources: readonly Resource[]; readonly opinion: Opinion }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'refused'; readonly text: string }
