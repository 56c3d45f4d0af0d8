import type { Command } from 'commander'
import type { Program } from './program.ts'
import { addRootCertify } from './root-certify.ts'
import { addRootNew } from './root-new.ts'
import { addRootRotate } from './root-rotate.ts'
import { addRootShow } from './root-show.ts'
import { addRootSign } from './root-sign.ts'
import { addRootVerify } from './root-verify.ts'

/** `licet root …`: the ceremony, on a machine of its own that has no network, no database and no data directory. */
export function addRootCommands(licet: Command, program: Program): void {
  const root = licet
    .command('root')
    .description('The root keys: made, sealed and used on a machine that has no network')
  addRootNew(root, program)
  addRootCertify(root, program)
  addRootRotate(root, program)
  addRootSign(root, program)
  addRootShow(root, program)
  addRootVerify(root, program)
}
