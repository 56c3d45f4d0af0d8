import { Command } from 'commander'
import { addCatalogCommands } from './catalog.ts'
import { addChannelCommands } from './channel.ts'
import { addDemoCommand } from './demo.ts'
import { addDoctorCommand } from './doctor.ts'
import { failureOf } from './errors.ts'
import { addExportCommands } from './export.ts'
import { addImportCommands } from './import.ts'
import { addInitCommand } from './init.ts'
import { addKeysCommands } from './keys.ts'
import { addKitCommands } from './kit.ts'
import { addLicenseCommands } from './license.ts'
import { addMarketplaceCommands } from './marketplace/marketplace.ts'
import { addMigrateCommand } from './migrate.ts'
import { addOrderCommands } from './order.ts'
import { addOutgoingCommands } from './outgoing.ts'
import { finish, type Outcome } from './output.ts'
import type { Program } from './program.ts'
import { addRemoteOptions } from './remote.ts'
import { addRootCommands } from './root.ts'
import { addServeCommands } from './serve.ts'
import type { Shell } from './shell.ts'
import { addVerifyCommand } from './verify.ts'

/**
 * Runs one command line, without the names of the program, and answers with its exit code (contract 4): 0 done,
 * 1 the answer is no, 2 wrong usage or unreadable input, 3 failure. Never throws and never ends the process.
 */
export async function run(argv: readonly string[], shell: Shell): Promise<number> {
  let outcome: Outcome = { type: 'ended', exit: 0 }
  const program: Program = {
    shell,
    runs:
      (handle) =>
      async (...given) => {
        outcome = await handle(...given)
      },
  }
  try {
    await commands(program).parseAsync([...argv], { from: 'user' })
  } catch (thrown) {
    outcome = failureOf(thrown)
  }
  // Asked of the arguments themselves: a line that could not be read may still ask for a document.
  return finish(shell, outcome, argv.includes('--json'))
}

function commands(program: Program): Command {
  const { shell } = program
  const licet = new Command('licet')
    .description('Sells signed license codes through cloud marketplaces; the software checks them offline.')
    .version(shell.version)
    .exitOverride()
    .configureOutput({ writeOut: shell.out, writeErr: shell.err, outputError: () => undefined })
    .addHelpText('after', EXIT_CODES)
  addRemoteOptions(licet, shell)
  addInitCommand(licet, program)
  addServeCommands(licet, program)
  addDemoCommand(licet, program)
  addChannelCommands(licet, program)
  addCatalogCommands(licet, program)
  addLicenseCommands(licet, program)
  addOrderCommands(licet, program)
  addKitCommands(licet, program)
  addKeysCommands(licet, program)
  addOutgoingCommands(licet, program)
  addMarketplaceCommands(licet, program)
  addDoctorCommand(licet, program)
  addMigrateCommand(licet, program)
  addRootCommands(licet, program)
  addExportCommands(licet, program)
  addImportCommands(licet, program)
  addVerifyCommand(licet, program)
  return licet
}

const EXIT_CODES = `
Exit codes: 0 done; 1 the answer is no; 2 wrong usage or unreadable input; 3 failure.
The instance lies in LICET_DATA (default ./data), or on a Worker with --remote.
`
