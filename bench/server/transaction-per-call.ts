import { registerHooks } from 'node:module'

/**
 * Loaded before `licet serve`: the same program, whose calls each have a transaction of their own. The query of its name
 * makes it worse: with `?step-by-step` a transaction waits for the answer to each of its statements before it sends the
 * next; with `?one-at-a-time` there is one transaction at a time, as on SQLite, and nothing for PostgreSQL to sync together.
 */
const { search } = new URL(import.meta.url)
const swapped = new Map([['postgres-commits.ts', `own-commits.ts${search}`]])
if (search === '?step-by-step') swapped.set('postgres-flight.ts', 'own-flight.ts')

registerHooks({
  resolve(specifier, context, next) {
    const own = swapped.get(specifier.slice(specifier.lastIndexOf('/') + 1))
    const isOfProduct = context.parentURL?.includes('/src/store/')
    if (own === undefined || !isOfProduct) return next(specifier, context)
    return { url: new URL(own, import.meta.url).href, shortCircuit: true }
  },
})
