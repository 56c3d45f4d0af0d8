import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addChannel, applyCatalog } from '../../src/authority/admin.ts'
import type { Authority } from '../../src/authority/authority.ts'
import type { Ambient, Log, LogDetail } from '../../src/authority/host.ts'
import type { DevelopmentRootFile } from '../../src/cli/shell.ts'
import type { Catalog } from '../../src/domain/catalog.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import type { Config } from '../../src/runtime/config.ts'
import { init } from '../../src/runtime/init.ts'
import { openInstance } from '../../src/runtime/instance.ts'

/** 2026-11-21T12:00:00Z. */
export const NOON = Date.UTC(2026, 10, 21, 12) / 1000

export const ACCESS_KEY = 'access-key-of-the-tests-0001'

export const CATALOG: Catalog = {
  products: [
    {
      id: 1001,
      code: 'cad-pro',
      name: 'CAD Pro 专业版',
      graceDays: 3,
      statementLife: 86_400,
      features: ['render', 'export', 'simulate'],
      editions: [
        { id: 1, code: 'standard', features: ['render'] },
        { id: 2, code: 'flagship', features: ['render', 'export', 'simulate'] },
      ],
    },
  ],
  offers: [
    {
      channel: 'huawei',
      marketplaceProduct: 'OFFI-GOLD',
      product: 'cad-pro',
      edition: 'flagship',
      seats: 'amount',
    },
    { channel: 'huawei', marketplaceProduct: 'OFFI-BASE', product: 'cad-pro', edition: 'standard', seats: 3 },
  ],
}

export interface TestClock extends Ambient {
  /** Unix seconds it stands at; it moves only when told to. */
  time: number
}

export interface LogLine {
  readonly level: string
  readonly event: string
  readonly detail: LogDetail | undefined
}

export interface TestInstance {
  readonly authority: Authority
  readonly developmentRoot: DevelopmentRootFile
  readonly clock: TestClock
  readonly lines: readonly LogLine[]
  readonly config: Config
  /** Opens the same data directory again, as a restart or another process would. */
  reopen(): Promise<TestInstance>
  close(): Promise<void>
}

/** A real instance in a temporary directory: real store, real keys; only the clock stands still. */
export async function openTestInstance(catalog: Catalog = CATALOG): Promise<TestInstance> {
  const data = mkdtempSync(join(tmpdir(), 'licet-test-'))
  const config: Config = {
    data,
    database: join(data, 'licet.db'),
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'https://licenses.example.com',
    masterKey: null,
    alertUrl: null,
    operatorToken: null,
    trustProxy: [],
    logLevel: 'silent',
  }
  const clock = standingClock()
  await init(config, clock, null)
  const instance = await reopen(config, clock)
  const channel = { name: 'huawei', kind: 'huawei', timeZone: 'UTC', accessKey: ACCESS_KEY }
  const added = await addChannel(instance.authority, channel)
  if (!added.ok) throw new Error(added.no.reason)
  const applied = await applyCatalog(instance.authority, catalog)
  if (!applied.ok) throw new Error(JSON.stringify(applied.no))
  return {
    ...instance,
    async close() {
      await instance.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

async function reopen(config: Config, clock: TestClock): Promise<TestInstance> {
  const lines: LogLine[] = []
  const { authority, developmentRoot, close } = await openInstance(config, clock, collect(lines))
  return { authority, developmentRoot, clock, lines, config, close, reopen: () => reopen(config, clock) }
}

function standingClock(): TestClock {
  return {
    time: NOON,
    now() {
      return this.time
    },
    nowMs() {
      return this.time * 1000
    },
    random: ambient.random,
  }
}

function collect(lines: LogLine[]): Log {
  const at = (level: string) => (event: string, detail?: LogDetail) =>
    void lines.push({ level, event, detail })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
