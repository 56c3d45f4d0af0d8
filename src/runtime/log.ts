import pino from 'pino'
import type { Log, LogDetail } from '../authority/host.ts'
import type { LogLevel } from './config.ts'

const formatters = { level: (label: string) => ({ level: label }) }

/** Bytes that wait for one write, which costs a switch of threads; half a second is the longest they wait. */
const WRITTEN_AT_ONCE = 16_000

/**
 * One JSON line per event on standard error, so that standard output stays the answer of a command. Details
 * are ids, codes and counts by the type of `Log`; query strings, texts and names never get here.
 */
export function createLog(level: LogLevel): { log: Log; flush: () => void } {
  const destination = pino.destination({ fd: 2, sync: false, minLength: WRITTEN_AT_ONCE })
  // A pipe that was closed takes no more lines; that is no reason to end a server.
  destination.on('error', () => undefined)
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event', formatters },
    destination,
  )
  const periodic = setInterval(() => destination.flush(), 500)
  periodic.unref()
  const at = (name: 'debug' | 'info' | 'warn' | 'error') => (event: string, detail?: LogDetail) =>
    logger[name](detail ?? {}, event)
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const flush = () => {
    try {
      destination.flushSync()
    } catch {
      // As above.
    }
  }
  return { log, flush }
}
