import { sharedCommits as shared } from '../../src/store/postgres/commits.ts'

const oneAtATime = new URL(import.meta.url).search === '?one-at-a-time'

/** As the product's, but that nothing is shared: every item is alone in a queue of its own. */
export function sharedCommits(...args: Parameters<typeof shared>): ReturnType<typeof shared> {
  const pending = new Set<Promise<unknown>>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    submit(item) {
      const alone = () => shared(...args).submit(item)
      const settled = oneAtATime ? last.then(alone, alone) : alone()
      last = settled
      pending.add(settled)
      const forget = () => void pending.delete(settled)
      settled.then(forget, forget)
      return settled
    },
    async finished() {
      await Promise.allSettled(pending)
    },
  }
}
