import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'

/**
 * Loaded before `licet serve`: the same program, whose calls each have a transaction of their own. The query of its name
 * makes it worse: with `?step-by-step` a transaction waits for the answer to each of its statements before it sends the
 * next; with `?one-at-a-time` there is one transaction at a time, as on SQLite, and nothing for PostgreSQL to sync together.
 */
const { search } = new URL(import.meta.url)
const swapped = new Map([[ofProduct('commits.ts'), own(`own-commits.ts${search}`)]])
if (search === '?step-by-step') swapped.set(ofProduct('flight.ts'), own('own-flight.ts'))

function ofProduct(name: string): string {
  const url = new URL(`../../src/store/postgres/${name}`, import.meta.url)
  if (!existsSync(url)) throw new Error(`there is no ${url.pathname} to replace`)
  return url.href
}

function own(name: string): string {
  return new URL(name, import.meta.url).href
}

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const instead = swapped.get(found.url)
    // What stands in for a module of the product builds on it.
    if (instead === undefined || context.parentURL?.includes('/bench/server/')) return found
    return { url: instead, shortCircuit: true }
  },
})
