import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Ambient } from '../../src/authority/host.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { type Config, readConfig } from '../../src/runtime/config.ts'
import { init } from '../../src/runtime/init.ts'
import { type Instance, openInstance } from '../../src/runtime/instance.ts'
import { SILENT } from './instance-kit.ts'

/** A machine with an empty data directory, whose database is elsewhere. */
export interface Machine {
  readonly config: Config
  init(manifests?: readonly string[] | null): ReturnType<typeof init>
  open(clock?: Ambient): Promise<Instance>
  /** Names in its data directory. */
  files(): readonly string[]
}

export function machine(url: string, environment: Readonly<Record<string, string>> = {}): Machine {
  const data = mkdtempSync(join(tmpdir(), 'licet-machine-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const read = readConfig({ LICET_DATA: data, LICET_DATABASE_URL: url, ...environment })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const { config } = read
  return {
    config,
    init: (manifests = null) => init(config, ambient, manifests),
    open: (clock = ambient) => openInstance(config, clock, SILENT),
    files: () => readdirSync(data).sort(),
  }
}
