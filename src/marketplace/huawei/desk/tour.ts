import type { Command } from './commands.ts'
import { FAMILIES } from './families.ts'
import type { FamilyName } from './market.ts'

/** A whole life in a family: everything it has calls for. `first` is the number the next purchase gets. */
export function tourOf(name: FamilyName, first: number, withKit: boolean): readonly Command[] {
  const { cancel, upgrade, change, freeze, apply, show } = FAMILIES[name]
  const resource = first
  const where = (holds: unknown, ...commands: Command[]): readonly Command[] => (holds ? commands : [])
  return [
    { type: 'sell', family: name, trial: false },
    { type: 'repeat', resource },
    ...where(name === 'license-2', { type: 'activate', resource }),
    ...where(show, { type: 'show', resource }),
    ...where(withKit && name.startsWith('saas'), { type: 'kit', resource }),
    ...where(apply, { type: 'apply', resource, device: 'device-a' }),
    { type: 'renew', resource },
    ...where(cancel, { type: 'cancel', resource }),
    ...where(upgrade, { type: 'upgrade', resource, quantity: null }),
    ...where(change, { type: 'change', resource, quantity: null }),
    ...where(freeze, { type: 'freeze', resource }, { type: 'unfreeze', resource }),
    { type: 'wait', days: 1 },
    { type: 'expire', resource },
    { type: 'renew', resource },
    { type: 'release', resource },
    { type: 'sell', family: name, trial: true },
    { type: 'formal', resource: resource + 1 },
    { type: 'release', resource: resource + 1 },
  ]
}
