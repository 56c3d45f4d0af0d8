import { CommanderError } from 'commander'
import type { AdminRefusal } from '../authority/admin.ts'
import type { OperationRefusal } from '../authority/operate.ts'
import { rfc3339 } from '../authority/view.ts'
import type { NoKey, Obstacle } from '../domain/keyring.ts'
import { type Outcome, refused } from './output.ts'

/** What the authority says no with, as a sentence that says what to do, and an exit code (contract 4). */
export function refusalOutcome(no: OperationRefusal | AdminRefusal): Outcome {
  const { reason } = no
  switch (reason) {
    case 'license_unknown':
      return refused(1, reason, 'There is no such license; "licet license list" shows those there are.')
    case 'license_released':
      return refused(1, reason, 'The license is released, and that is for ever; issue a new one.')
    case 'license_frozen':
      return refused(1, reason, 'The license is frozen and gets no code; reinstate it first.')
    case 'license_pending':
      return refused(
        1,
        reason,
        'The license is pending: its terms are not known yet, so there is nothing to sign.',
      )
    case 'already_ended':
      return refused(
        1,
        reason,
        `The paid end ${rfc3339(no.paidUntil)} is not ahead; it is ${rfc3339(no.now)} now.`,
      )
    case 'revisions_exhausted':
      return refused(
        1,
        reason,
        `The license is at revision ${no.revision}, the last that a code can carry; issue a new one.`,
      )
    case 'perpetual_trial':
      return refused(1, reason, 'A trial is never perpetual; give it an end with --until.')
    case 'no_key':
      return refused(1, reason, ...noKeySentences(no))
    case 'contended':
      return refused(
        3,
        reason,
        'Somebody else keeps changing this license; nothing was changed here, try again.',
      )
    case 'unknown_product':
      return refused(
        1,
        reason,
        `The catalog has no product "${no.product}"; "licet catalog show" shows those it has.`,
      )
    case 'unknown_edition':
      return refused(1, reason, `Product "${no.product}" has no edition "${no.edition}" in the catalog.`)
    case 'unknown_channel':
      return refused(
        1,
        reason,
        `There is no channel "${no.channel}"; "licet channel list" shows those there are.`,
      )
    case 'instance_taken':
      return refused(
        1,
        reason,
        `Channel "${no.instance.channel}" has a license for instance "${no.instance.instance}" already.`,
      )
    case 'order_taken':
      return refused(1, reason, `Channel "${no.channel}" has a license for order "${no.order}" already.`)
    case 'bad_channel_name':
      return refused(
        2,
        reason,
        `"${no.name}" is no channel name: 1 to 32 of a-z, 0-9 and -, the first no hyphen.`,
      )
    case 'unknown_kind':
      return refused(
        2,
        reason,
        `There is no kind of marketplace "${no.kind}"; known: ${no.known.join(', ')}.`,
      )
    case 'bad_time_zone':
      return refused(
        2,
        reason,
        `"${no.timeZone}" is no time zone; give an IANA name such as Asia/Shanghai, or +08:00.`,
      )
    case 'empty_access_key':
      return refused(2, reason, 'The first line of the access-key file is empty.')
    case 'channel_exists':
      return refused(
        1,
        reason,
        `There is a channel "${no.name}" already; "licet channel add-key" gives it a further key.`,
      )
    case 'access_key_in_use':
      return refused(1, reason, `Access key ${no.keyId} belongs to channel "${no.channel}" already.`)
    case 'unknown_access_key':
      return refused(1, reason, `Channel "${no.channel}" has no access key ${no.keyId}.`)
    case 'last_access_key':
      return refused(
        1,
        reason,
        `${no.keyId} is the only access key of channel "${no.channel}"; add the next one first.`,
      )
    case 'unknown_site':
      return refused(2, reason, `"${no.site}" is no site: cn, intl, eu, or an https address.`)
    case 'bad_credentials':
      return refused(
        2,
        reason,
        'The credentials file must have two lines, the access key id (AK) and the secret key (SK), in ASCII without spaces.',
      )
    case 'bad_page':
      return refused(2, reason, `"${no.url}" is no address of a page; give one that begins with https://.`)
    default:
      return no satisfies never
  }
}

function noKeySentences({ usage, obstacles }: NoKey): [string, ...string[]] {
  const reasons = obstacles.map(({ kid, why }) => `  key ${kid}: ${OBSTACLES[why]}`)
  const none = reasons.length === 0 ? ['  no key of this usage is active'] : []
  return [`No key may sign this now (usage ${usage}); nothing was changed.`, ...reasons, ...none]
}

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  no_certificate: 'has no certificate of the root',
  usage_not_certified: 'the certificate is for another usage',
  product_not_certified: 'the certificate is for another product',
  term_not_certified: 'the certificate allows no term as long as this',
  window_not_open: 'the issuing window is not open yet',
  window_closed: 'the issuing window is closed',
}

/** What was thrown on the way: wrong usage and unreadable input are 2, all else is a failure. Never a stack trace. */
export function failureOf(thrown: unknown): Outcome {
  if (thrown instanceof CommanderError) return usageOutcome(thrown)
  if (!(thrown instanceof Error)) return refused(3, 'failed', 'licet failed for a reason it cannot name.')
  // By name: `CannotStart` is a class of the composition, which is above this floor.
  if (thrown.name === 'Unreadable') return refused(2, 'unreadable', thrown.message)
  if (thrown.name === 'CannotStart') return refused(3, 'cannot_start', thrown.message)
  return refused(3, 'failed', `licet failed: ${thrown.message.replace(/\s*\n\s*/g, ' ')}`)
}

/** Help that was asked for is no error; help in place of a missing command was printed and is wrong usage. */
function usageOutcome({ code, exitCode, message }: CommanderError): Outcome {
  if (exitCode === 0) return { type: 'ended', exit: 0 }
  if (code === 'commander.help') return refused(2, 'usage')
  return refused(2, 'usage', message.replace(/^error: /, ''))
}
