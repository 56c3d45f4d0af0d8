import type { Engine, View } from '../engine.ts'

/** The view of an engine that cannot hold a moment still: it reads the database as it goes. */
export const unsteadyView = ({ all }: Pick<Engine, 'all'>): View => ({
  isConsistent: false,
  all,
  close: async () => undefined,
})
