import { setFlagsFromString } from 'node:v8'

/**
 * For a command that lets millions of rows pass. V8 gives what is short-lived up to a hundred megabytes before it looks
 * through it, and lets what it took for long-lived grow by as much; for a stream that gains nothing. To be called before
 * the stream begins.
 */
export function boundMemory(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=25')
}
