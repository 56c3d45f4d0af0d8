import type { Command } from 'commander'
import { addAddCommand } from './keys-add.ts'
import { addCertifyCommand } from './keys-certify.ts'
import { addKeyHistoryCommand } from './keys-history.ts'
import { addImportCommand } from './keys-import.ts'
import { addListCommand } from './keys-list.ts'
import { addPromoteCommand, addRetireCommand } from './keys-promote.ts'
import { addRequestCommand } from './keys-request.ts'
import { addResealCommand } from './keys-reseal.ts'
import { addRevokeCommand } from './keys-revoke.ts'
import { addRotateCommand } from './keys-rotate.ts'
import type { Program } from './program.ts'

/** `licet keys …`: the life of signing keys, in the order in which it goes. */
export function addKeysCommands(licet: Command, program: Program): void {
  const keys = licet.command('keys').description('The keys that sign codes, statements and revocation lists')
  addListCommand(keys, program)
  addAddCommand(keys, program)
  addRequestCommand(keys, program)
  addCertifyCommand(keys, program)
  addImportCommand(keys, program)
  addPromoteCommand(keys, program)
  addRetireCommand(keys, program)
  addRotateCommand(keys, program)
  addRevokeCommand(keys, program)
  addKeyHistoryCommand(keys, program)
  addResealCommand(keys, program)
}
