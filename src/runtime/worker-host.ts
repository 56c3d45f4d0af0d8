import type { Ambient, Log, LogDetail } from '../authority/host.ts'
import type { RetiredKeys } from '../authority/retired-keys.ts'
import type { Turns } from '../authority/turns.ts'
import type { LogLevel } from './config.ts'

/** What a Worker has in place of a machine. Nothing here is begun in one request and waited for in another. */

/** No pool: a Worker draws no randomness before it has a request. */
export const workerAmbient: Ambient = {
  now: () => Math.floor(Date.now() / 1000),
  nowMs: () => Date.now(),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

/** The lines that `createLog` writes, one JSON object each, to the console of the Worker. */
export function consoleLog(least: LogLevel, { nowMs }: Pick<Ambient, 'nowMs'>): Log {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, detail: LogDetail = {}): void => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return
      const time = new Date(nowMs()).toISOString()
      // biome-ignore lint/suspicious/noConsole: on Workers the console is the log.
      console[level](JSON.stringify({ level, time, ...detail, event }))
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/**
 * Nobody waits for anybody: requests of one isolate may not, and those of others could not. Who comes second meets a
 * conflict at the commit and looks again.
 */
export const noTurns: Turns = { take: (_, work) => work() }

/**
 * The record as a variable of the Worker, which is changed by who deploys it and by nothing that runs: commands, which
 * end keys, run elsewhere and have a file.
 */
export const retiredByVariable = (kids: ReadonlySet<string>): RetiredKeys => ({
  all: () => kids,
  add: () => undefined,
  withdraw: () => undefined,
})
