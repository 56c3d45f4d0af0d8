import type { Command } from 'commander'
import type { Program } from '../program.ts'
import { addCheckCommand } from './check.ts'
import { addReconcileCommand } from './reconcile.ts'
import { addSimulateCommand } from './simulate.ts'

/** `licet marketplace check | simulate | reconcile`: the far side of the line, for trying things out and for comparing. */
export function addMarketplaceCommands(licet: Command, program: Program): void {
  const marketplace = licet
    .command('marketplace')
    .description(
      'The other side of the line: try out a production address, or compare with what the marketplace says',
    )
  addCheckCommand(marketplace, program)
  addSimulateCommand(marketplace, program)
  addReconcileCommand(marketplace, program)
}
