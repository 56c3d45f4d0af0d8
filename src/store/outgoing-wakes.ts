import { BY_ACCESS_KEY } from '../authority/outgoing/attempt.ts'
import type { Seconds } from '../domain/time.ts'
import type { Step } from './engine.ts'
import type { Given, Queries } from './queries.ts'

/** Makes calls of a channel due, in the batch that cures what they failed with. */
export type Wake = (channel: string, now: Seconds) => readonly Step[]

type At = { channel: string; now: number }

/** Ends what the marketplace refuses under every access key. */
const REFUSED_KEYS = `% ${BY_ACCESS_KEY}`

/** With which a call fails before it is sent; those with which the marketplace refuses them begin with `unauthorized`. */
const OF_CREDENTIALS = ['no_credentials', 'credentials_unreadable']

/**
 * All that waits and failed, and what was given up for the credentials; not what the access keys are refused for. What
 * never failed has NULL for its error, which `NOT LIKE` leaves out.
 */
export function wakeByCredentials(queries: Queries): Wake {
  const wake = queries.write((db, given: Given<At>) =>
    db
      .updateTable('outgoing_calls')
      .set({ due: given('now') })
      .where('channel', '=', given('channel'))
      .where('state', '=', 'waiting')
      .where('error', 'not like', REFUSED_KEYS),
  )
  const revive = queries.write((db, given: Given<At>) =>
    db
      .updateTable('outgoing_calls')
      .set({ state: 'waiting', due: given('now'), attempts: 0, error: null })
      .where('channel', '=', given('channel'))
      .where('state', '=', 'dead')
      .where((eb) => eb.or([eb('error', 'like', 'unauthorized %'), eb('error', 'in', OF_CREDENTIALS)]))
      .where('error', 'not like', REFUSED_KEYS),
  )
  return (channel, now) => [wake({ channel, now }), revive({ channel, now })]
}

/** What every access key was refused for, whether it waits or was given up. */
export function wakeByAccessKey(queries: Queries): Wake {
  const wake = queries.write((db, given: Given<At>) =>
    db
      .updateTable('outgoing_calls')
      .set({ due: given('now') })
      .where('channel', '=', given('channel'))
      .where('state', '=', 'waiting')
      .where('error', 'like', REFUSED_KEYS),
  )
  const revive = queries.write((db, given: Given<At>) =>
    db
      .updateTable('outgoing_calls')
      .set({ state: 'waiting', due: given('now'), attempts: 0, error: null })
      .where('channel', '=', given('channel'))
      .where('state', '=', 'dead')
      .where('error', 'like', REFUSED_KEYS),
  )
  return (channel, now) => [wake({ channel, now }), revive({ channel, now })]
}
