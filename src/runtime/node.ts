/**
 * The server as a library: what `licet serve` does, for a program of your own.
 *
 * ```js
 * import { ambient, createLog, openInstance, readConfig, startServing } from 'licet'
 *
 * const read = readConfig({ ...process.env, LICET_DATA: './data' }) // made by `npx licet init`
 * if (!read.ok) throw new Error(read.faults.join(' '))
 * const instance = await openInstance(read.config, ambient, createLog('info').log)
 * const serving = await startServing(instance.authority, read.config)
 * // …
 * await serving.stop()
 * await instance.close()
 * ```
 */
export type { Authority } from '../authority/authority.ts'
export type { Ambient, Log, LogDetail } from '../authority/host.ts'
export { ambient } from './ambient.ts'
export { CannotStart } from './cannot-start.ts'
export { type Config, type ConfigRead, type LogLevel, readConfig } from './config.ts'
export { type Instance, openInstance } from './instance.ts'
export { createLog } from './log.ts'
export { type Serving, startServing } from './serve.ts'
export { VERSION } from './version.ts'
