import type { Authority } from './authority.ts'
import type { Channel, UnknownScene } from './marketplace.ts'
import { parkedScene, parkedSceneAlert } from './parking.ts'
import type { Worked } from './receive.ts'

/**
 * A change that no document names: nobody can say what it does, so it is put where support sees it, and the
 * marketplace hears that the parameter is not known.
 */
export function unknownScene(
  { crypto, ambient }: Authority,
  { name }: Channel,
  wanted: UnknownScene,
): Worked {
  const reply = { type: 'malformed' } as const
  if (wanted.test) return { reply, batch: {} }
  const park = parkedScene(crypto, name, wanted, ambient.now())
  return { reply, batch: { park, alerts: [parkedSceneAlert(park, wanted)] } }
}
