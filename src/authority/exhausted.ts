import type { License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'
import type { Alert } from './ports.ts'

/** Support hears of a license that has no revision left for a change (contract 1.1). */
export const exhaustedAlert = ({ id }: Pick<License, 'id'>, revision: number, at: Seconds): Alert => ({
  kind: 'revisions_exhausted',
  key: `revisions_exhausted:${id}`,
  detail: { license: id, revision },
  at,
})
