import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, missing } from '../../scripts/interop/languages.ts'
import { runLanguage } from '../../scripts/interop/run.ts'
import { strictVectors } from '../../scripts/interop/vectors.ts'

/** A toolchain that compiles its own library first, on a busy machine. */
const LONGEST = 240_000

const strict = strictVectors()
const reduced = strict === null ? ', without strict-1: ../shared/vectors are not there' : ''
if (strict === null) console.warn(`interop${reduced}`)

// What `npm run interop` installs is not installed here: a language whose toolchain is absent is skipped, and said so.
describe.concurrent('The verdicts of a verifier in another language', () => {
  for (const language of LANGUAGES) {
    const lacking = missing(language)
    if (lacking === null) {
      test(
        `${language.name} gives the verdict of every vector${reduced}`,
        async () => {
          const { faults, equal } = await runLanguage(language, strict)
          expect(faults).toEqual([])
          expect(equal).toBeGreaterThan(0)
        },
        LONGEST,
      )
    } else {
      const why = `${language.name} is skipped: \`${lacking}\` fails here; \`npm run interop\` installs it`
      console.warn(why)
      test.skip(why)
    }
  }
})

const interop = fileURLToPath(new URL('../../interop', import.meta.url))
const sources = readdirSync(interop, { recursive: true, withFileTypes: true })
  .filter((one) => one.isFile() && /\.(py|go|java|sh|awk)$/.test(one.name))
  .map((one) => relative(interop, join(one.parentPath, one.name)))
const lines = (path: string) => readFileSync(join(interop, path), 'utf8').trimEnd().split('\n').length

/** What a seller copies of each language, one file. */
const COPIED = ['python/licet.py', 'java/Licet.java', 'shell/licet.sh', 'go/licet/licet.go']
const RUNNERS = [
  'python/run.py',
  'java/Run.java',
  'shell/run.sh',
  'go/main.go',
  'go/licet/vectors.go',
  'go/licet/verdicts.go',
]

test('a verifier is one file to copy and has less than 200 lines, as many as it says', () => {
  expect(sources.toSorted()).toEqual([...COPIED, ...RUNNERS].toSorted())
  const readme = readFileSync(join(interop, 'README.md'), 'utf8')
  for (const path of COPIED) {
    expect(lines(path), path).toBeLessThan(200)
    expect(readme, path).toMatch(new RegExp(`\\| ${lines(path)} \\|`))
  }
})

test('no file of a runner has 200 lines', () => {
  expect(RUNNERS.filter((path) => lines(path) >= 200)).toEqual([])
})
