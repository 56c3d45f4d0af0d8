import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'

/** What an entry is in a page: one minified module with all that it imports. */
async function bundleOf(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../src/verify/${entry}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]!.contents
}

/** Every rule of the verifier, in bytes; the documentation says these numbers in KB. */
const BUDGETS = [
  { entry: 'web', minified: 23_000, gzip: 10_150 },
  { entry: 'fallback', minified: 42_700, gzip: 17_600 },
] as const

describe.each(BUDGETS)('The bundle of licet/verify/$entry', ({ entry, minified, gzip }) => {
  test(`is at most ${minified} bytes, and ${gzip} as a server sends it`, async () => {
    const bundle = await bundleOf(entry)
    expect(bundle.length).toBeLessThanOrEqual(minified)
    expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(gzip)
  })

  test('asks nothing of Node.js', async () => {
    const text = new TextDecoder().decode(await bundleOf(entry))
    expect(text).not.toMatch(/\bfrom ?"node:|\bprocess\.|\bBuffer\b/)
  })

  test('brings nothing that writes', async () => {
    const text = new TextDecoder().decode(await bundleOf(entry))
    expect(text).not.toContain('only whole groups of five bytes can be spelled')
    expect(text).not.toContain('lower-case hex digits')
  })
})
