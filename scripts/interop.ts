import { spawnSync } from 'node:child_process'
import { LANGUAGES, missing } from './interop/languages.ts'
import { runLanguage } from './interop/run.ts'
import { strictVectors } from './interop/vectors.ts'

// The verifiers of interop/ in every language over the same vector files. As root on Debian it installs the
// toolchains that are not there; it fails when one is still missing, or gives another verdict on any vector.

const absent = LANGUAGES.filter((language) => missing(language) !== null)
if (absent.length > 0 && process.getuid?.() === 0) install(absent.flatMap(({ packages }) => packages))

const strict = strictVectors()
if (strict === null)
  console.warn(
    'strict-1: ../shared/vectors/ed25519_expected_strict.json is not there, its vectors are left out',
  )

let failed = false
for (const language of LANGUAGES) {
  const lacking = missing(language)
  if (lacking !== null) {
    failed = true
    console.log(
      `${language.name}: not run, \`${lacking}\` fails; Debian has it in ${language.packages.join(', ')}`,
    )
    continue
  }
  const { equal, different, leftOut, reasons, faults } = await runLanguage(language, strict)
  console.log(`${language.name}: ${equal} equal, ${different} different, ${leftOut} left out`)
  for (const line of [...reasons, ...faults]) console.log(`  ${line}`)
  failed ||= faults.length > 0
}
process.exitCode = failed ? 1 : 0

function install(packages: readonly string[]): void {
  console.log(`installing with apt-get: ${packages.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr, error } = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' })
    if (status !== 0) console.log(`apt-get ${args[0]} failed: ${error?.message ?? stderr}`)
  }
}
