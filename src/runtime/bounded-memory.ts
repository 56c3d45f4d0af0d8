import { setFlagsFromString } from 'node:v8'

/**
 * For a command that lets millions of rows pass. V8 gives what is short-lived up to a hundred megabytes before it looks
 * through it; for a stream that gains nothing. To be called before the stream begins.
 */
export const boundMemory = (): void => setFlagsFromString('--semi-space-growth-factor=1')
