import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { describe, expect, test } from 'vitest'

const ROOT = new URL('../../', import.meta.url)
type Target = string | { readonly [condition: string]: Target }
const { exports } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  exports: Readonly<Record<string, Target>>
}

/** Where the package sends a bundler for browsers, and the source that this file is built from. */
function sourceOf(path: string): string {
  let target = exports[`.${path.slice('licet'.length)}`]
  while (typeof target === 'object') target = target.browser ?? target.import ?? target.default
  if (target === undefined) throw new Error(`the package exports no ${path}`)
  const source = target.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts')
  return fileURLToPath(new URL(source, ROOT))
}

const itself: Plugin = {
  name: 'the package as its users import it',
  setup: ({ onResolve }) => onResolve({ filter: /^licet\// }, ({ path }) => ({ path: sourceOf(path) })),
}

/** What a program is in a page: one minified module with all that it imports. */
async function bundleOf(program: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(ROOT) },
    plugins: [itself],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]!.contents
}

const verify = (entry: string) => `import { verify } from '${entry}'; globalThis.judge = verify`
const everything = (entry: string) => `export * from '${entry}'; export * from 'licet/verify/since'`

/** In bytes; the documentation says these numbers in KB. */
const BUDGETS = [
  { what: 'verify of licet/verify', program: verify('licet/verify'), minified: 8_192, gzip: 4_325 },
  { what: 'all of licet/verify', program: `export * from 'licet/verify'`, minified: 9_050, gzip: 4_700 },
  {
    what: 'verify with what was met since',
    program: everything('licet/verify'),
    minified: 19_100,
    gzip: 8_800,
  },
  { what: 'the fallback', program: verify('licet/verify/fallback'), minified: 29_225, gzip: 12_450 },
  {
    what: 'all of the fallback',
    program: `export * from 'licet/verify/fallback'`,
    minified: 29_300,
    gzip: 12_450,
  },
  {
    what: 'the fallback with what was met since',
    program: everything('licet/verify/fallback'),
    minified: 39_375,
    gzip: 16_650,
  },
] as const

describe.each(BUDGETS)('A page with $what', ({ program, minified, gzip }) => {
  test(`has at most ${minified} bytes more, and ${gzip} as a server sends it`, async () => {
    const bundle = await bundleOf(program)
    expect(bundle.length).toBeLessThanOrEqual(minified)
    expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(gzip)
  })

  test('asks nothing of Node.js', async () => {
    const text = new TextDecoder().decode(await bundleOf(program))
    expect(text).not.toMatch(/\bfrom ?"node:|\bprocess\.|\bBuffer\b/)
  })

  test('brings nothing that writes', async () => {
    const text = new TextDecoder().decode(await bundleOf(program))
    expect(text).not.toContain('only whole groups of five bytes can be spelled')
    expect(text).not.toContain('lower-case hex digits')
  })
})

test('A page that meets nothing carries nothing that reads it', async () => {
  for (const entry of ['licet/verify', 'licet/verify/fallback']) {
    const text = new TextDecoder().decode(await bundleOf(`export * from '${entry}'`))
    expect(text).not.toMatch(/license-(statement|revocations)\+jwt|works_until|next_update|list_overdue/)
  }
  const text = new TextDecoder().decode(await bundleOf(everything('licet/verify')))
  expect(text).toMatch(/license-statement\+jwt/)
})
