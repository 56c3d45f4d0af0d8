import type { Command, Issue } from './commands.ts'
import { restore } from './decide-restore.ts'
import { freeze, reinstate, release } from './decide-status.ts'
import { activate, change, reissue, renew, shorten } from './decide-terms.ts'
import { type Decision, happened, nothing } from './decision.ts'
import { raiseOf } from './events.ts'
import { type License, MAX_REVISION } from './license.ts'
import { no } from './result.ts'
import type { Seconds } from './time.ts'

/**
 * Which events follow from a command at `now`: the one place where the rules of a license are decided
 * (design 4). Pure; the same arguments give the same events.
 *
 * No events is a success: a re-send is not an error. `license` is null when there is none yet; then only
 * `issue` and `meet` begin one and anything else is refused as `license_unknown`. A decision whose events
 * would pass revision 65535 is refused whole as `revisions_exhausted` (contract 1.1), freeze and release
 * included; nothing of it happens.
 */
export function decide(license: License | null, command: Command, now: Seconds): Decision {
  if (license === null) return begin(command, now)
  return withinRevisions(license, decideOn(license, command, now))
}

function begin(command: Command, now: Seconds): Decision {
  switch (command.type) {
    case 'issue':
      return issue(command, now)
    case 'meet':
      return happened({ type: 'met', id: command.id, origin: command.origin, at: now })
    default:
      return no({ reason: 'license_unknown' })
  }
}

/** A sale whose end has passed already is a license all the same; it only gets no code. */
function issue({ id, origin, terms }: Issue, now: Seconds): Decision {
  if (terms.trial && terms.paidUntil === null) return no({ reason: 'perpetual_trial' })
  return happened({ type: 'issued', id, origin, terms, at: now })
}

function decideOn(license: License, command: Command, now: Seconds): Decision {
  switch (command.type) {
    case 'issue':
    case 'meet':
      // The first answer stands, whatever the license has become since; this revives nothing.
      return nothing
    case 'activate':
      return activate(license, command, now)
    case 'renew':
      return renew(license, command, now)
    case 'shorten':
      return shorten(license, command, now)
    case 'change':
      return change(license, command, now)
    case 'freeze':
      return freeze(license, command, now)
    case 'reinstate':
      return reinstate(license, now)
    case 'release':
      return release(license, now)
    case 'reissue':
      return reissue(license, command, now)
    case 'restore':
      return restore(license, now)
    default: {
      const unknown: never = command
      return unknown
    }
  }
}

function withinRevisions(license: License, decision: Decision): Decision {
  if (!decision.ok) return decision
  const raised = decision.value.reduce((sum, event) => sum + raiseOf(event), 0)
  if (license.revision + raised <= MAX_REVISION) return decision
  return no({ reason: 'revisions_exhausted', revision: license.revision })
}
