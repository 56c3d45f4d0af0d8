import { sql } from 'kysely'
import type { Step, View } from './engine.ts'
import type { Given, Queries } from './queries.ts'

/** Texts by name. `generation` is raised in the batch of every administrative write; a running server watches it. */
export interface NamedTexts {
  read(name: string): Promise<string | null>
  set(name: string, value: string): Step
  remove(name: string): Step
  /** Holds while there is no such text. */
  absent(name: string): Step
  raiseGeneration(): Step
  generation(): Promise<number>
  generationIn(view: View): Promise<number>
}

const GENERATION = 'generation'

export function namedTexts(queries: Queries): NamedTexts {
  const value = queries.read((db, given: Given<{ name: string }>) =>
    db.selectFrom('settings').select('value').where('name', '=', given('name')),
  )
  const set = queries.write((db, given: Given<{ name: string; value: string }>) =>
    db
      .insertInto('settings')
      .values({ name: given('name'), value: given('value') })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
      ),
  )
  const remove = queries.write((db, given: Given<{ name: string }>) =>
    db.deleteFrom('settings').where('name', '=', given('name')),
  )
  const raise = queries.write((db) =>
    db
      .insertInto('settings')
      .values({ name: GENERATION, value: '1' })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ value: sql<string>`cast(cast(settings.value as bigint) + 1 as text)` }),
      ),
  )
  return {
    read: async (name) => (await value.first({ name }))?.value ?? null,
    set: (name, text) => set({ name, value: text }),
    remove: (name) => remove({ name }),
    absent: (name) => value.findsNothing({ name }),
    raiseGeneration: () => raise({}),
    generation: async () => Number((await value.first({ name: GENERATION }))?.value ?? 0),
    generationIn: async (view) => Number((await value.allIn(view, { name: GENERATION }))[0]?.value ?? 0),
  }
}
