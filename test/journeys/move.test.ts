import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, createReadStream, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES } from '../support/databases.ts'
import { writeManyLicenses } from '../support/many-licenses.ts'
import { type Program, program } from '../support/program.ts'

const BIN = fileURLToPath(new URL('../../bin/licet.js', import.meta.url))
const PEAK_MEMORY = fileURLToPath(new URL('../support/peak-memory.mjs', import.meta.url))

const FEW = 2_500
/** `npm run test:move` takes a million. */
const MANY = Number(process.env.LICET_MOVE_LICENSES ?? 25_000)

/** Mebibytes, whatever the number of licenses. */
const MOST_MEMORY = 200

const measured = { NODE_OPTIONS: `--import=${PEAK_MEMORY}` }

describe('a move', { timeout: 300_000 + MANY }, () => {
  let source: Program
  const files: Record<string, string> = {}
  const made: Program[] = []

  beforeAll(async () => {
    source = program()
    await source.run('init')
    const empty = source.file('empty.jsonl', '')
    const like = `${empty}.like`
    await source.json('export', like)
    for (const count of [FEW, MANY]) {
      files[count] = `${empty}.${count}`
      writeManyLicenses(readFileSync(like, 'utf8'), files[count], count)
    }
  }, 120_000 + MANY)
  afterAll(async () => {
    for (const one of [source, ...made]) await one.remove()
  })

  /** Another machine with the master key, and an empty database. */
  function target(environment: NodeJS.ProcessEnv): Program {
    const one = program({ ...measured, ...environment })
    made.push(one)
    mkdirSync(one.data)
    copyFileSync(join(source.data, 'master.key'), join(one.data, 'master.key'))
    return one
  }

  async function peakOf(one: Program, ...words: string[]): Promise<number> {
    const began = Date.now()
    const { code, stderr } = await one.run(...words)
    expect([code, stderr]).toEqual([0, expect.stringContaining('peak memory')])
    const peak = Number(/peak memory (\d+)/.exec(stderr)![1])
    console.info(`${words[0]}: ${(Date.now() - began) / 1000} s, peak memory ${peak} MiB`)
    return peak
  }

  describe.each(DATABASES)('to %s and back', (_, database) => {
    it(`takes no more memory for ${MANY} licenses than for ${FEW}, and at most ${MOST_MEMORY} MiB`, async () => {
      const [small, large] = [target(await database()), target(await database())]
      const [few, many] = [
        await peakOf(small, 'import', files[FEW]!),
        await peakOf(large, 'import', files[MANY]!),
      ]
      const out = (one: Program) => join(one.data, 'out.jsonl')
      const fewOut = await peakOf(small, 'export', out(small))
      const manyOut = await peakOf(large, 'export', out(large))
      for (const peak of [few, many, fewOut, manyOut]) expect(peak).toBeLessThan(MOST_MEMORY)
      // Ten times the rows: what is kept for each would show.
      for (const [less, more] of [
        [few, many],
        [fewOut, manyOut],
      ] as const)
        expect(more - less).toBeLessThan(60)
      expect(await rowsOf(out(large))).toBe(await rowsOf(files[MANY]!))
    })

    it('goes through a pipe as well, without a file', async () => {
      const environment = await database()
      const one = target(environment)
      const licet = `"${process.execPath}" "${BIN}"`
      const env = { ...process.env, ...environment, FROM: source.data, TO: one.data }
      const pipe = `LICET_DATA="$FROM" LICET_DATABASE_URL= ${licet} export - | LICET_DATA="$TO" ${licet} import -`
      await promisify(execFile)('/bin/sh', ['-euc', pipe], { env })
      expect((await one.run('license', 'list')).code).toBe(0)
    })

    it('ends with the same rows however often it is killed', async () => {
      const environment = await database()
      const one = target(environment)
      let kills = 0
      for (let patience = 500; !(await endedWithin(patience, one, environment, files[FEW]!)); patience += 150)
        kills++
      expect(kills).toBeGreaterThan(1)
      expect((await one.run('import', files[FEW]!)).code).toBe(1)
      const out = join(one.data, 'out.jsonl')
      await one.run('export', out)
      expect(await rowsOf(out)).toBe(await rowsOf(files[FEW]!))
    })
  })
})

/** Kills an import after so many milliseconds; true when it had ended before, or the one before it at its very end. */
function endedWithin(
  patience: number,
  { data }: Program,
  environment: NodeJS.ProcessEnv,
  file: string,
): Promise<boolean> {
  const env = { ...process.env, ...environment, LICET_DATA: data }
  const child = spawn(process.execPath, [BIN, 'import', file], { env, stdio: 'ignore' })
  const timer = setTimeout(() => child.kill('SIGKILL'), patience)
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      if (code === 0 || code === 1 || signal === 'SIGKILL') resolve(signal === null)
      else reject(new Error(`the import ended with ${code}`))
    })
  })
}

/**
 * How many rows there are, and a sum of their digests, so that their order does not matter: engines sort differently.
 * Without the generation, which rises with every import.
 */
async function rowsOf(file: string): Promise<string> {
  let [count, sum] = [0, 0n]
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!line.startsWith('{"table"') || line.includes('"generation"')) continue
    count++
    sum += createHash('sha256').update(line).digest().readBigUInt64BE()
  }
  return `${count} ${sum}`
}
