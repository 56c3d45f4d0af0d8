import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { newPostgres } from '../support/databases.ts'
import { hasPostgres } from '../support/postgres.ts'
import { type Program, program } from '../support/program.ts'

const KILLER = fileURLToPath(new URL('../support/kill-at.mjs', import.meta.url))
const FILES = ['development-root.jwe', 'init.lock', 'master.key', 'root-manifests.json']

const made: Program[] = []
const machine = (environment: NodeJS.ProcessEnv): Program => {
  const one = program(environment)
  made.push(one)
  return one
}
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove()
})

const killedAt = (one: Program, environment: NodeJS.ProcessEnv, write: number) =>
  machine({
    ...environment,
    LICET_DATA: one.data,
    NODE_OPTIONS: `--import=${KILLER}`,
    KILL_AT: `${write}`,
  }).run('init')

describe.skipIf(!(await hasPostgres()))('an init on PostgreSQL that is killed', { timeout: 240_000 }, () => {
  it('before any of its writes can be run again on its machine, and the result is whole', async () => {
    let kills = 0
    for (let write = 1; write < 100; write += 6) {
      const environment = await newPostgres()
      const one = machine(environment)
      if ((await killedAt(one, environment, write)).code === 0) break
      kills += 1
      const again = await one.run('init')
      // After the last write of all the instance is whole.
      expect(again.stderr).toMatch(/^$|holds keys already/)
      expect(readdirSync(one.data).sort()).toEqual(FILES)
      if (write % 12 === 1) await expectWhole(one)
    }
    expect(kills).toBeGreaterThan(3)
  })

  it('leaves the database to another machine: there is one instance at the end, and one that serves it', async () => {
    let kills = 0
    for (let write = 2; write < 100; write += 10) {
      const environment = await newPostgres()
      const [first, second] = [machine(environment), machine(environment)]
      if ((await killedAt(first, environment, write)).code === 0) break
      kills += 1
      const other = await second.run('init')
      expect(other.stderr).toMatch(/^$|holds keys already/)
      const finished = await first.run('init')
      expect(finished.stderr).toMatch(/^$|holds keys already/)
      // The machine that made what was committed has all of it; only that one serves with its own files.
      const [whole, half] = other.code === 0 ? [second, first] : [first, second]
      expect(readdirSync(whole.data).sort()).toEqual(FILES)
      await expectWhole(whole)
      expect(existsSync(join(half.data, 'root-manifests.json'))).toBe(false)
      expect((await half.run('serve')).stderr).toMatch(/master key/)
    }
    expect(kills).toBeGreaterThan(1)
  })
})

/** The instance serves, and what shipped software would pin is what the server signs under. */
async function expectWhole(one: Program): Promise<void> {
  const server = await one.start()
  const { roots } = (await (await fetch(`${server.url}/v1/keys`)).json()) as { roots: unknown[] }
  expect(await server.stop()).toBe(0)
  expect(JSON.parse(readFileSync(join(one.data, 'root-manifests.json'), 'utf8'))).toEqual(roots)
}
