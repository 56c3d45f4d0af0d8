import { damages } from './damages.ts'
import { forgeries, stale } from './forgeries.ts'
import { repeats, spellings } from './repeats.ts'
import type { Family, Scene } from './scene.ts'

/** The first case of a family once more: repeated, spelled otherwise, forged, old, damaged. All of them test calls. */
export const guardsOf = (family: Family): readonly Scene[] => [
  ...repeats(family),
  ...spellings(family),
  ...forgeries(family),
  ...stale(family),
  ...damages(family),
]
