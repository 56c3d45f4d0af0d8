import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type Program, program, type Ran } from '../support/program.ts'
import { manifestOf, manifestText } from '../verify/kit.ts'

const KILLER = fileURLToPath(new URL('../support/kill-at.mjs', import.meta.url))
const FILES = ['development-root.jwe', 'init.lock', 'licet.db', 'master.key', 'root-manifests.json']

/** Every test run kills at some of the writes; `npm run test:crash` at each. */
const THOROUGH = process.env.LICET_CRASH_ROUNDS !== undefined
const STEP = THOROUGH ? 1 : 4

const made: Program[] = []
const fresh = (environment: NodeJS.ProcessEnv = {}, directory?: string): Program => {
  const one = program({ ...(directory && { LICET_DATA: directory }), ...environment })
  made.push(one)
  return one
}
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove()
})

const manifestsIn = ({ data }: Program): unknown[] =>
  JSON.parse(readFileSync(join(data, 'root-manifests.json'), 'utf8'))

/** The instance serves, and what shipped software would pin is what the server signs under. */
async function expectWhole(one: Program, developmentRoot: boolean): Promise<void> {
  const server = await one.start()
  const { roots } = (await (await fetch(`${server.url}/v1/keys`)).json()) as { roots: unknown[] }
  const ready = await (await fetch(`${server.url}/readyz`)).text()
  await server.stop()
  expect(manifestsIn(one)).toEqual(roots)
  expect(ready.includes('development_root')).toBe(developmentRoot)
  expect(existsSync(join(one.data, 'development-root.jwe'))).toBe(developmentRoot)
}

describe('several inits at once on one fresh directory', () => {
  it.each(
    THOROUGH ? [1, 2, 3, 4] : [1],
  )('make one instance, whose files agree with its database (round %i)', async () => {
    const one = fresh()
    const root = one.file('root.json', manifestText(manifestOf()))
    const rans = await Promise.all([one.run('init'), one.run('init'), one.run('init', '--root', root)])
    const ends = rans.map(({ code }) => code).sort()
    expect(ends, rans.map(({ stderr }) => stderr).join('')).toEqual([0, 1, 1])
    for (const { stderr } of rans.filter(({ code }) => code === 1))
      expect(stderr).toMatch(/holds keys already|Another init is running/)
    await expectWhole(one, rans[2]?.code !== 0)
  })
})

describe('an init that is killed', { timeout: 240_000 }, () => {
  it('before any of its writes can be run again, and the first result is whole', async () => {
    let killed = 0
    for (let write = 1; write < 100; write += STEP) {
      const one = fresh()
      const ran = await killedAt(one, write)
      if (ran.code === 0) break
      killed += 1
      const again = await one.run('init')
      // After the last write of all the instance is whole.
      expect(again.stderr).toMatch(/^$|holds keys already/)
      expect(readdirSync(one.data).sort()).toEqual(FILES)
      // Serving takes longest; the neighbours of a write differ by little.
      if (THOROUGH ? write % 3 === 0 : write % 8 === 1) await expectWhole(one, true)
    }
    expect(killed * STEP).toBeGreaterThan(15)
  })

  it('leaves nothing of its development root when the next one is under another root', async () => {
    const root = manifestText(manifestOf())
    // The commit lies between two of these.
    for (let write = 2; write < 100; write += THOROUGH ? 3 : 7) {
      const one = fresh()
      if ((await killedAt(one, write)).code === 0) break
      const again = await one.run('init', '--root', one.file('root.json', root))
      expect(again.stderr).toMatch(/^$|holds keys already/)
      const isOther = manifestsIn(one).length === 1 && JSON.stringify(manifestsIn(one)[0]) === root
      await expectWhole(one, !isOther)
    }
  })
})

function killedAt(one: Program, write: number): Promise<Ran> {
  const environment = { NODE_OPTIONS: `--import=${KILLER}`, KILL_AT: `${write}` }
  return fresh(environment, one.data).run('init')
}
