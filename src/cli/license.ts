import type { Command } from 'commander'
import { addChangeCommands } from './license-change.ts'
import { addFileCommand } from './license-file.ts'
import { addHistoryCommand } from './license-history.ts'
import { addIssueCommand } from './license-issue.ts'
import { addListCommand } from './license-list.ts'
import { addShowCommand } from './license-show.ts'
import { addStatementCommand } from './license-statement.ts'
import type { Program } from './program.ts'

/** `licet license …`: everything support does to a license. Each command sends what a callback would send. */
export function addLicenseCommands(licet: Command, program: Program): void {
  const license = licet.command('license').description('The licenses: issue, look at, and change them')
  addIssueCommand(license, program)
  addListCommand(license, program)
  addShowCommand(license, program)
  addHistoryCommand(license, program)
  addStatementCommand(license, program)
  addFileCommand(license, program)
  addChangeCommands(license, program)
}
