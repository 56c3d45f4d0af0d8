import { writeFileSync } from 'node:fs'
import { asText, VECTOR_FILES } from './vectors/files.ts'

/** Writes `test/vectors/*.json`. Signing is deterministic, so a second run changes nothing. */
for (const [name, content] of Object.entries(VECTOR_FILES)) {
  writeFileSync(new URL(`../test/vectors/${name}.json`, import.meta.url), asText(content))
  console.log(`test/vectors/${name}.json`)
}
