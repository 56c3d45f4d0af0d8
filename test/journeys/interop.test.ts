import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

test('no file of a verifier or of its runner has 200 lines', () => {
  const interop = fileURLToPath(new URL('../../interop', import.meta.url))
  const files = readdirSync(interop, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const long = files
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => /\.(py|go|java|sh|awk)$/.test(path))
    .filter((path) => readFileSync(path, 'utf8').trimEnd().split('\n').length >= 200)
  expect(files.length).toBeGreaterThan(8)
  expect(long).toEqual([])
})
