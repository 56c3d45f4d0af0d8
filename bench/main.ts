import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bench } from './cases/bench.ts'
import { bytesCase } from './cases/bytes.ts'
import { callbackCase } from './cases/callback.ts'
import { moveCase } from './cases/move.ts'
import { postgresCase } from './cases/postgres.ts'
import { postgresFleetsCase } from './cases/postgres-fleets.ts'
import { postgresValidationCase } from './cases/postgres-validation.ts'
import { reissueCase } from './cases/reissue.ts'
import { scaleCase } from './cases/scale.ts'
import { scalePostgresCase } from './cases/scale-postgres.ts'
import { validationCase } from './cases/validation.ts'
import { verifyCase } from './cases/verify.ts'
import { startLoadGenerator } from './load/client.ts'
import { describeMachine, loadAverage } from './machine.ts'
import { type CaseName, type Options, readOptions, USAGE } from './options.ts'
import { profileProduct } from './profile/profile-product.ts'
import type { CaseReport } from './report/case-report.ts'
import { printCase, printRatios } from './report/print.ts'
import { workDirectory } from './work-directory.ts'

/** `npm run bench`: the product beside hand-written mocks, in one run. Nothing leaves the loopback interface. */
const CASES: Readonly<Record<CaseName, (bench: Bench) => Promise<CaseReport>>> = {
  verify: verifyCase,
  validation: validationCase,
  callback: callbackCase,
  postgres: postgresCase,
  'postgres-fleets': postgresFleetsCase,
  'postgres-validation': postgresValidationCase,
  scale: scaleCase,
  'scale-postgres': scalePostgresCase,
  bytes: bytesCase,
  move: moveCase,
  reissue: reissueCase,
}

async function main(options: Options): Promise<void> {
  const load = startLoadGenerator()
  const bench: Bench = { options, load, work: workDirectory(options.directory) }
  try {
    if (options.profile) await profileProduct(bench)
    else await measure(bench)
  } finally {
    load.stop()
  }
}

async function measure(bench: Bench): Promise<void> {
  const { rounds, quick, cases, jsonFile } = bench.options
  const began = { at: new Date().toISOString(), load: loadAverage() }
  for (const line of describeMachine()) console.log(line)
  console.log(
    `${rounds} rounds${quick ? ', QUICK: for a look, not for the record' : ''}; load average at start ${began.load}`,
  )
  const reports: CaseReport[] = []
  for (const name of cases) {
    const report = await CASES[name](bench)
    printCase(report)
    reports.push(report)
  }
  printRatios(reports)
  console.log(`load average at end ${loadAverage()}`)
  if (jsonFile === null) return
  const kept = {
    machine: describeMachine(),
    options: { rounds, quick },
    began,
    endLoad: loadAverage(),
    reports,
  }
  writeFileSync(jsonFile, `${JSON.stringify(kept, null, 1)}\n`)
}

// Servers and directories are ended and removed by handlers of `exit`, which a signal alone would pass by.
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

if (process.argv.includes('--help')) {
  console.log(USAGE)
} else {
  let options: Options
  try {
    options = readOptions(
      process.argv.slice(2),
      fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''),
    )
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown)
    console.error(USAGE)
    process.exit(2)
  }
  await main(options)
}
