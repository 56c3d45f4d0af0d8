import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addChannel, applyCatalog } from '../authority/admin.ts'
import type { Authority } from '../authority/authority.ts'
import { type Rotated, rotateKey } from '../authority/keys/rotate.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { ambient } from './ambient.ts'
import type { Config } from './config.ts'
import { DEMO_CATALOG } from './demo-catalog.ts'
import { openStage, type Stage } from './demo-stage.ts'
import { tellStory } from './demo-story.ts'
import { init } from './init.ts'
import { type Instance, openInstance } from './instance.ts'
import { createLog } from './log.ts'
import { startServing } from './serve.ts'

/**
 * The story of one license, on a throw-away instance with its own clock, told step by step over real HTTP.
 * Answers with the exit code: 3 when a step did not go as the story says.
 */
export async function demo(json: boolean, out: (text: string) => void): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'licet-demo-'))
  try {
    const config: Config = { ...DEMO_CONFIG, data: directory, database: join(directory, 'licet.db') }
    const told = await onStage(config, (stage) => tellStory(stage, json ? () => undefined : out))
    if (json) out(`${JSON.stringify({ ok: told.every(({ ok }) => ok), steps: told }, null, 2)}\n`)
    return told.every(({ ok }) => ok) ? 0 : 3
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const DEMO_CONFIG = {
  host: '127.0.0.1',
  port: 0,
  publicUrl: 'https://licenses.example.com',
  masterKey: null,
  alertUrl: null,
  operatorToken: null,
  trustProxy: [],
  logLevel: 'silent',
} as const

async function onStage<T>(config: Config, play: (stage: Stage) => Promise<T>): Promise<T> {
  let passed = 0
  const clock = {
    ...ambient,
    now: () => ambient.now() + passed,
    nowMs: () => ambient.nowMs() + passed * 1000,
    pass: (seconds: number) => {
      passed += seconds
    },
  }
  await init(config, clock, null)
  const instance = await openInstance(config, clock, createLog('silent').log)
  const accessKey = encodeBase64url(ambient.random(24))
  try {
    await prepare(instance.authority, accessKey)
    const serving = await startServing(instance.authority, config)
    try {
      const rotate = () => rotateCodes(instance)
      return await play(openStage(`http://127.0.0.1:${serving.port}`, accessKey, clock, rotate))
    } finally {
      await serving.stop()
    }
  } finally {
    await instance.close()
  }
}

async function rotateCodes({ authority, developmentRoot }: Instance): Promise<Rotated> {
  const root = developmentRoot.open()
  const by = { who: 'operator:demo', reason: 'to show it' }
  const rotated = await rotateKey(authority, 'codes', root === null ? [] : [root], { by, dryRun: false })
  if (!rotated.ok) throw new Error(`the demonstration's rotation was refused: ${rotated.no.reason}`)
  return rotated.value
}

async function prepare(authority: Authority, accessKey: string): Promise<void> {
  const channel = await addChannel(authority, { name: 'huawei', kind: 'huawei', timeZone: 'UTC', accessKey })
  if (!channel.ok) throw new Error(`the demonstration's channel was refused: ${channel.no.reason}`)
  const catalog = await applyCatalog(authority, DEMO_CATALOG)
  if (!catalog.ok) throw new Error(`the demonstration's catalog was refused: ${JSON.stringify(catalog.no)}`)
}
