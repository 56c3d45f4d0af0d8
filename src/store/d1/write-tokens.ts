import type { Ambient } from '../../authority/host.ts'
import type { Committed } from '../../authority/ports.ts'
import type { Seconds } from '../../domain/time.ts'
import { toHex } from '../../format/bytes.ts'
import type { Step } from '../engine.ts'

/**
 * Where a database is reached over a network, "committed, but the answer was lost" is a normal event. Every write
 * leaves a token of its own in its batch; whether it is there tells what became of the batch.
 */

/** Older ones come first in the order of the texts, so that they are swept without an index on a time. */
export function newToken({ now, random }: Pick<Ambient, 'now' | 'random'>): string {
  return timeText(now()) + toHex(random(8))
}

/** Nothing that a request may still be waiting for is as old as this. */
const TOKEN_LIFE: Seconds = 3_600

/** Every token that sorts before it may be deleted. */
export const oldestToken = (now: Seconds): string => timeText(Math.max(0, now - TOKEN_LIFE))

const timeText = (time: Seconds): string => time.toString(16).padStart(9, '0')

export const INSERT_TOKEN = 'insert into write_tokens (token) values (?)'
export const FIND_TOKEN = 'select token from write_tokens where token = ?'

/** Not all at once: those of a month in which nobody swept are too many for one statement. */
export const MOST_SWEPT = 20_000
export const SWEEP_TOKENS = `delete from write_tokens where token in (select token from write_tokens where token < ? order by token limit ${MOST_SWEPT})`

/**
 * Answers for a write whatever happens to its answer: a token that is there says committed, also where the engine
 * tried a batch twice and the second met the first. `conflictIn` tells a conflict from an outage, which is thrown as
 * it came; a batch that was still under way then may land later, and the next try meets it.
 */
export async function settled(
  write: () => Promise<Committed>,
  hasToken: () => Promise<boolean>,
  conflictIn: (thrown: unknown) => boolean,
): Promise<Committed> {
  try {
    return await write()
  } catch (thrown) {
    const landed = await hasToken().catch(() => unknownFate(thrown))
    if (landed) return 'committed'
    if (conflictIn(thrown)) return 'conflict'
    throw thrown
  }
}

/** The first failure says more than that of looking what became of it. */
function unknownFate(thrown: unknown): never {
  throw thrown
}

/** A step with what takes the whole batch back when it met other rows than it expects. */
export function guarded({ sql, values, expect }: Step): readonly Step[] {
  switch (expect) {
    case undefined:
      return [{ sql, values }]
    case 'one':
      return [
        { sql, values },
        { sql: `${TAKE_BACK} changes() <> 1`, values: [] },
      ]
    case 'none':
      return [{ sql: `${TAKE_BACK} exists (${sql})`, values }]
    default:
      return expect satisfies never
  }
}

const TAKE_BACK = "insert into write_tokens (token) select '' where"
