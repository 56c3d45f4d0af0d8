import { run } from '../cli/main.ts'
import { readConfig } from './config.ts'
import { endQuietly } from './last-resort.ts'
import { nodeShell } from './shell.ts'

/** The program. Every command ends here with its exit code (contract 4): 0 done, 1 no, 2 usage, 3 failure. */
endQuietly(process)
process.exitCode = await run(process.argv.slice(2), nodeShell(readConfig(process.env)))
