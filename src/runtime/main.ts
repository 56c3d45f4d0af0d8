import { run } from '../cli/main.ts'
import { readConfig } from './config.ts'
import { nodeShell } from './shell.ts'

/** The program. Every command ends here with its exit code (contract 4): 0 done, 1 no, 2 usage, 3 failure. */
const read = readConfig(process.env)
if (read.ok) {
  process.exitCode = await run(process.argv.slice(2), nodeShell(read.config))
} else {
  process.stderr.write(`The configuration is wrong:\n${read.faults.map((fault) => `  ${fault}\n`).join('')}`)
  process.exitCode = 2
}
