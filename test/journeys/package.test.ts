import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The package as npm would install it: packed from a fresh build, its dependencies those of this checkout. */
describe('the packed package', () => {
  let directory: string
  const installed = (...path: string[]) => join(directory, 'app/node_modules', ...path)
  const node = (...args: string[]) =>
    execFileSync(process.execPath, args, {
      cwd: join(directory, 'app'),
      encoding: 'utf8',
      env: { ...process.env, LICET_DATA: join(directory, 'data') },
    })

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'licet-package-'))
    const source = join(directory, 'source')
    mkdirSync(source)
    for (const name of ['package.json', 'bin', 'schema.sql', 'README.md', 'LICENSE'])
      cpSync(join(ROOT, name), join(source, name), { recursive: true })
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [
      tsc,
      '-p',
      join(ROOT, 'tsconfig.build.json'),
      '--outDir',
      join(source, 'dist'),
    ])
    execFileSync('npm', ['pack', '--ignore-scripts', '--offline', '--silent'], { cwd: source })
    mkdirSync(installed('licet'), { recursive: true })
    for (const name of readdirSync(join(ROOT, 'node_modules')).filter((one) => !one.startsWith('.')))
      if (name !== 'licet') symlinkSync(join(ROOT, 'node_modules', name), installed(name))
    const tarball = readdirSync(source).find((name) => name.endsWith('.tgz'))
    execFileSync('tar', ['-xzf', join(source, tarball!), '-C', installed('licet'), '--strip-components=1'])
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it.each([
    ['licet', 'openInstance'],
    ['licet', 'startServing'],
    ['licet', 'readConfig'],
    ['licet/verify', 'verify'],
    ['licet/verify/since', 'metSince'],
    ['licet/verify/web', 'verify'],
    ['licet/verify/fallback', 'verify'],
  ])('%s exports %s', (entry, name) => {
    const script = `console.log(typeof (await import('${entry}'))['${name}'])`
    expect(node('--input-type=module', '-e', script)).toBe('function\n')
  })

  it.each([
    'licet/verify',
    'licet/verify/since',
    'licet/verify/web',
  ])('%s loads nothing of the server', (entry) => {
    const script = `
      import { registerHooks } from 'node:module'
      registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) })
      await import('${entry}')`
    const loaded = node('--input-type=module', '-e', script)
    expect(loaded).toContain('/dist/verify/')
    expect(loaded).not.toMatch(/better-sqlite3|hono|kysely|pino|commander|dist\/(?!verify|format)/)
  })

  it('runs its program without the sources', () => {
    const licet = (...args: string[]) => node(installed('licet/bin/licet.js'), ...args)
    expect(existsSync(installed('licet/src'))).toBe(false)
    expect(licet('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(JSON.parse(licet('init', '--json')).keys).toHaveLength(3)
    expect(JSON.parse(licet('keys', 'list', '--json'))).toBeTruthy()
  })
})
