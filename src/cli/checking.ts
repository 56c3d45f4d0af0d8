import type { CheckFamily, CheckKeys, CheckReport } from '../authority/marketplace-check.ts'

/** A check of production addresses for one kind of marketplace, ready to send. */
export interface Checking {
  /** In the order they are played. */
  readonly families: readonly CheckFamily[]
  check(wanted: Wanted): Promise<CheckReport>
}

export interface Wanted {
  readonly address: string
  readonly accessKeys: CheckKeys
  /** Names. */
  readonly families: readonly string[]
}
