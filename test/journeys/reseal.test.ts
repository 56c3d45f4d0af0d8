import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { ambient, createLog, openInstance, readConfig } from '../../src/runtime/node.ts'
import { addCustomers, masterKeyLines, openedBy } from '../runtime/instance-kit.ts'
import { purchase, type Shop, shop } from '../support/shop.ts'

const BIN = fileURLToPath(new URL('../../bin/licet.js', import.meta.url))
const KILLER = fileURLToPath(new URL('../support/kill-at.mjs', import.meta.url))
const CUSTOMERS = 5_000

describe('a new master key on a real instance', { timeout: 120_000 }, () => {
  let one: Shop
  afterEach(() => one.remove())

  async function seller(customers: number): Promise<void> {
    one = await shop()
    const read = readConfig({ LICET_DATA: one.data })
    if (!read.ok) throw new Error(read.faults.join(' '))
    const { config } = read
    const open = () => openInstance(config, ambient, createLog('silent').log)
    await addCustomers({ config, open }, customers)
  }

  /** Ends `keys reseal` by `kill -9` after so many milliseconds; false when it had ended before. */
  async function killedAfter(milliseconds: number): Promise<boolean> {
    const env = { ...process.env, LICET_DATA: one.data }
    const child = spawn(process.execPath, [BIN, 'keys', 'reseal'], { env, stdio: 'ignore' })
    const ended = once(child, 'exit')
    const first = await Promise.race([ended, pause(milliseconds)])
    child.kill('SIGKILL')
    await ended
    return first === undefined
  }

  it('killed again and again goes on, serves in between, and leaves nothing under the old key', async () => {
    await seller(CUSTOMERS)
    const [oldKey] = masterKeyLines(one)
    let kills = 0
    for (let wait = 200; await killedAfter(wait); wait *= 1.15) {
      kills += 1
      expect((await one.run('keys', 'list')).code).toBe(0)
      expect(kills).toBeLessThan(60)
    }
    expect(kills).toBeGreaterThan(1)
    expect(await one.run('keys', 'reseal')).toMatchObject({ code: 0 })
    const [newKey, ...more] = masterKeyLines(one)
    expect(more).toEqual([])
    expect(openedBy(oldKey!, one)).toBe(0)
    expect(openedBy(newKey!, one)).toBeGreaterThanOrEqual(CUSTOMERS)
    const { huawei } = await one.open()
    expect((await huawei.getLicense(purchase('CS-AFTER'))).failure).toBeNull()
  })

  it('killed before any write to its files can be run again', async () => {
    await seller(10)
    let kills = 0
    for (let write = 1; write < 60; write += 5) {
      const env = { ...process.env, LICET_DATA: one.data, KILL_AT: `${write}` }
      const child = spawn(process.execPath, [`--import=${KILLER}`, BIN, 'keys', 'reseal'], {
        env,
        stdio: 'ignore',
      })
      const [code] = await once(child, 'exit')
      if (code === 0) break
      kills += 1
      expect(await one.run('keys', 'list')).toMatchObject({ code: 0 })
    }
    expect(kills).toBeGreaterThan(1)
    expect(masterKeyLines(one)).toHaveLength(1)
  })

  it('waits for licet serve to be stopped, and is in no file afterwards but its own', async () => {
    await seller(10)
    const { server } = await one.open()
    const refused = await one.run('keys', 'reseal')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('stop licet serve first') })
    await server.stop()
    const [oldKey] = masterKeyLines(one)
    const ran = await one.run('keys', 'reseal')
    const [newKey] = masterKeyLines(one)
    const said = Buffer.from(`${ran.stdout}${ran.stderr}`)
    const files = readdirSync(one.data).filter((name) => name !== 'master.key')
    for (const bytes of [said, ...files.map((name) => readFileSync(join(one.data, name)))]) {
      for (const key of [oldKey!, newKey!]) {
        expect(bytes.includes(key)).toBe(false)
        expect(bytes.includes(Buffer.from(key, 'base64url'))).toBe(false)
      }
    }
  })
})
