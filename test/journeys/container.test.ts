import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentOf, execForm, last, readDockerfile } from '../support/dockerfile.ts'
import { buildStages, makeReadOnly, productionPackages, ROOT } from '../support/image.ts'
import { untilListening } from '../support/program.ts'

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8')
const stages = readDockerfile(read('Dockerfile'))
const image = stages.at(-1)!

/** Nobody in particular, where the test may become somebody else. */
const OTHER_UID = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** No engine builds the image here: its steps are done in a directory, and its program is run from there. */
describe.skipIf(process.platform === 'win32')('the image', () => {
  let directory: string
  let root: string
  let node: string
  let port: string

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'licet-image-'))
    chmodSync(directory, 0o755)
    root = buildStages(stages, read('.dockerignore'), directory).at(-1)!
    node = join(directory, 'node')
    copyFileSync(process.execPath, node)
    const data = join(root, 'data')
    makeReadOnly(root)
    chmodSync(data, 0o700)
    if (OTHER_UID.uid !== undefined) chownSync(data, OTHER_UID.uid, OTHER_UID.gid)
    port = String(await freePort())
  }, 180_000)
  afterAll(() => {
    execFileSync('chmod', ['-R', 'u+w', directory])
    rmSync(directory, { recursive: true, force: true })
  })

  /** How a container would be started, with the paths of its own file system. */
  function inside(command: readonly string[]): readonly [string, readonly string[], object] {
    const [program, ...args] = command.map((word) => (word.startsWith('/app') ? join(root, word) : word))
    expect(program).toBe('node')
    const own = Object.entries(environmentOf(image)).map(([name, value]) => [
      name,
      value.startsWith('/') ? join(root, value) : value,
    ])
    const env = { ...Object.fromEntries(own), LICET_HOST: '127.0.0.1', LICET_PORT: port }
    return [node, args, { env, cwd: join(root, 'app'), encoding: 'utf8', ...OTHER_UID }]
  }
  const entry = execForm(last(image, 'ENTRYPOINT'))
  const licet = (...args: readonly string[]) => spawnSync(...inside([...entry, ...args])) as unknown as Ran
  const healthy = () => spawnSync(...inside(healthCheck())).status

  it('serves from a read-only tree as a user of no name, answers its health check, and ends on SIGTERM', async () => {
    const premature = licet(...execForm(last(image, 'CMD')))
    expect(premature.stderr).toContain('run licet init first')
    expect(premature.status).toBe(3)
    expect(licet('init')).toMatchObject({ status: 0 })
    expect(healthy()).toBe(1)
    const server = spawn(...inside([...entry, ...execForm(last(image, 'CMD'))])) as ChildProcess
    const running = await untilListening(server)
    expect(healthy()).toBe(0)
    expect((await fetch(`${running.url}/readyz`)).status).toBe(200)
    expect(JSON.parse(licet('keys', 'list', '--json').stdout)).toBeTruthy()
    expect(await running.stop()).toBe(0)
    expect(healthy()).toBe(1)
    expect(licet('keys', 'reseal')).toMatchObject({ status: 0 })
    expect(readdirSync(join(root, 'data'))).toContain('licet.db')
  })

  it('knows its commands by the name licet', () => {
    expect(readdirSync(join(root, 'usr/local/bin'))).toEqual(['licet'])
  })

  it('holds what the program needs and nothing of its making', () => {
    expect(readdirSync(join(root, 'app')).sort()).toEqual(
      ['LICENSE', 'bin', 'dist', 'migrations', 'node_modules', 'package.json', 'schema.sql'].sort(),
    )
    const packages = productionPackages(ROOT).map((name) => name.replace('node_modules/', '').split('/')[0])
    const there = readdirSync(join(root, 'app/node_modules')).filter((name) => !name.startsWith('.'))
    expect(there.sort()).toEqual([...new Set(packages)].sort())
    const bytes = Number(execFileSync('du', ['-sk', join(root, 'app')], { encoding: 'utf8' }).split('\t')[0])
    expect(bytes).toBeLessThan(20_000)
  })

  it('runs on the Node.js that the tests run on, and not as root', () => {
    const { version } = JSON.parse(read('tools/node/package.json'))
    for (const { base } of stages) expect(base).toBe(`node:${version}-trixie-slim`)
    expect(last(image, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(last(image, 'VOLUME')).toBe(environmentOf(image).LICET_DATA)
    expect(last(image, 'EXPOSE')).toBe(environmentOf(image).LICET_PORT)
  })
})

type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string }

const healthCheck = (): readonly string[] => execForm(/ CMD (\[.*\])$/.exec(last(image, 'HEALTHCHECK'))![1]!)

/** The health check has to be told the port before the server has one. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
