import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type Program, program } from '../support/program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const made: Program[] = []
const fresh = (environment: NodeJS.ProcessEnv = {}): Program => {
  const one = program(environment)
  made.push(one)
  return one
}
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove()
})

describe('the program', () => {
  it('tells the story of a license, and every step goes as told', async () => {
    const { code, stdout } = await fresh().run('demo', '--json')
    const { ok, steps } = JSON.parse(stdout)
    expect({ code, ok }).toEqual({ code: 0, ok: true })
    expect(steps.length).toBeGreaterThan(4)
  })

  it('ends quietly when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [`${ROOT}bin/licet.js`, 'license', '--help'])
    child.stdout.destroy()
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, said }).toEqual({ code: 0, said: '' })
  })

  it('tells of a wrong configuration in one document, and still helps', async () => {
    const one = fresh({ LICET_PORT: 'x', LICET_LOG_LEVEL: 'loud' })
    const { code, stdout } = await one.run('license', 'list', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout).message).toMatch(/LICET_PORT.*\n.*LICET_LOG_LEVEL/)
    expect((await one.run('license', 'list')).stderr).toContain('LICET_PORT')
    expect((await one.run('--version')).code).toBe(0)
    expect((await one.run('license', '--help')).stdout).toContain('Usage')
  })

  it('names a manifests file that cannot be read', async () => {
    const one = fresh()
    await one.run('init')
    writeFileSync(join(one.data, 'root-manifests.json'), '{')
    const { code, stderr } = await one.run('verify', one.file('license.txt', 'LC1-'))
    expect(code).toBe(2)
    expect(stderr).toContain('root-manifests.json')
  })

  it('says where it serves with the port it got, and what to do next once', async () => {
    const server = await fresh({ LICET_HOST: '::1' }).start('start')
    expect(server.url).toMatch(/^http:\/\/\[::1\]:[1-9]\d*$/)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(server.said().match(/What to do next/g)).toHaveLength(1)
  })
})

describe('the script that npm runs after an install', () => {
  it('finds its sources in a path with spaces', () => {
    const directory = join(mkdtempSync(join(tmpdir(), 'licet-prepare-')), 'a b')
    for (const name of ['scripts', 'src']) mkdirSync(join(directory, name), { recursive: true })
    copyFileSync(join(ROOT, 'scripts/prepare.ts'), join(directory, 'scripts/prepare.ts'))
    writeFileSync(join(directory, 'src/a.ts'), '')
    const build = `node -e "require('fs').writeFileSync('built','yes')"`
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module', scripts: { build } }))
    execFileSync(process.execPath, [join(directory, 'scripts/prepare.ts')], { stdio: 'ignore' })
    expect(readFileSync(join(directory, 'built'), 'utf8')).toBe('yes')
    rmSync(join(directory, '..'), { recursive: true })
  })
})
