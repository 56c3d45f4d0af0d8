import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, copyFileSync, createReadStream, mkdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DATABASES } from '../support/databases.ts'
import { page } from '../support/documented.ts'
import { fakeHuawei } from '../support/fake-huawei/index.ts'
import { writeManyLicenses } from '../support/many-licenses.ts'
import { type Program, program } from '../support/program.ts'
import { purchase, SHOP_KEY, shop } from '../support/shop.ts'
import { type Bundle, bundledWorker, startWorker } from '../support/worker.ts'

const BIN = fileURLToPath(new URL('../../bin/licet.js', import.meta.url))
const PEAK_MEMORY = fileURLToPath(new URL('../support/peak-memory.mjs', import.meta.url))

const FEW = 2_500
/** `npm run test:move` takes a million. */
const MANY = Number(process.env.LICET_MOVE_LICENSES ?? 25_000)
/** To a Worker, which is asked over HTTP for each thousand rows, and here is a process of this machine. */
const REMOTE = 10_000

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
    for (const count of new Set([FEW, REMOTE, MANY])) {
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

  describe('to a Worker', () => {
    const TOKEN = randomBytes(24).toString('base64url')
    let bundle: Bundle
    beforeAll(async () => {
      bundle = await bundledWorker()
    }, 120_000)

    async function worker(masterKey: string) {
      const running = await startWorker(bundle, {
        LICET_PUBLIC_URL: 'https://licenses.example.com',
        LICET_MASTER_KEY: masterKey,
        LICET_OPERATOR_TOKEN: TOKEN,
        LICET_LOG_LEVEL: 'silent',
      })
      onTestFinished(() => running.close())
      return running
    }

    it(`and back takes at most ${MOST_MEMORY} MiB for ${REMOTE} licenses`, async () => {
      const { url } = await worker(readFileSync(join(source.data, 'master.key'), 'utf8'))
      const one = target({ LICET_OPERATOR_TOKEN: TOKEN })
      const out = join(one.data, 'out.jsonl')
      expect(await peakOf(one, 'import', files[REMOTE]!, '--remote', url)).toBeLessThan(MOST_MEMORY)
      expect(await peakOf(one, 'export', out, '--remote', url)).toBeLessThan(MOST_MEMORY)
      expect(await rowsOf(out)).toBe(await rowsOf(files[REMOTE]!))
    })

    it('goes as the manual says, and business goes on there', async () => {
      const seller = await shop()
      made.push(seller)
      const { server, huawei } = await seller.open()
      const order = purchase('CS-MOVED')
      const before = await huawei.send(huawei.caller.getLicense(order, huawei.moment()))
      await server.stop()
      const masterKey = readFileSync(join(seller.data, 'master.key'), 'utf8')
      const { url } = await worker(masterKey)
      const ready = async () => (await fetch(`${url}/readyz`)).status
      expect(await ready()).toBe(503)

      const secret = seller.file('secret', '')
      for (const [name, script] of [
        ['systemctl', 'exit 0'],
        [
          'npx',
          `case "$*" in licet*) shift; exec "${process.execPath}" "${BIN}" "$@";; esac; cat > "${secret}"`,
        ],
      ] as const)
        chmodSync(seller.file(name, `#!/bin/sh\n${script}\n`), 0o755)
      const cwd = dirname(secret)
      const PATH = [cwd, process.env.PATH].join(delimiter)
      const env = { ...process.env, PATH, LICET_DATA: seller.data, LICET_OPERATOR_TOKEN: TOKEN, WORKER: url }
      await promisify(execFile)('/bin/sh', ['-euc', toWorkers()], { cwd, env })

      expect(readFileSync(secret, 'utf8')).toBe(masterKey)
      const there = fakeHuawei({
        address: `${url}/callbacks/huawei`,
        accessKey: SHOP_KEY,
        timeCompression: 36_000,
      })
      expect((await there.send(there.caller.getLicense(order, there.moment()))).body).toBe(before.body)
      expect(await there.getLicense(purchase('CS-THERE'))).toMatchObject({ failure: null })
      expect(await ready()).toBe(200)
      const token = ['--operator-token-file', seller.file('token', TOKEN)]
      const again = await seller.run('import', join(cwd, 'moved.jsonl'), '--remote', url, ...token)
      expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('holds something already')])
    })
  })
})

/** The block of the manual for a move to Workers. */
const toWorkers = (): string => /\nTo Workers: .*?\n```\n(.*?)```/s.exec(page('docs/operations.md'))![1]!

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
