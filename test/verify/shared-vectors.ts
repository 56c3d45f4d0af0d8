import { existsSync, readFileSync } from 'node:fs'
import { test } from 'vitest'

/**
 * A test over a third-party vector file, which lies beside the project and is not part of it. Where the file is
 * absent the test is skipped and says so, in its name and on the console.
 */
export function testWithVectors<T>(
  file: string,
  name: string,
  body: (vectors: T) => void | Promise<void>,
): void {
  const url = new URL(`../../../shared/vectors/${file}`, import.meta.url)
  if (existsSync(url)) {
    test(name, { timeout: 60_000 }, () => body(JSON.parse(readFileSync(url, 'utf8')) as T))
    return
  }
  console.warn(`SKIPPED, ${file} is absent: ${name}`)
  test.skip(`${name} (skipped: ${file} is absent)`, () => undefined)
}
