import type { Failure } from '../authority/keys/reissue-all.ts'
import type { Revoked } from '../authority/keys/revoke.ts'
import type { Taken } from '../authority/keys/step.ts'
import { rfc3339 } from '../authority/view.ts'
import { writeRevocationRequest } from '../format/revocation-request.ts'
import type { RevokeResult } from './keys-revoke.ts'

/** What `licet keys revoke` did, what is still to be done and by whom. */
export function revokedText(revoked: Taken<Revoked>, result: RevokeResult): string {
  const lines = [
    stoppedLine(revoked, result),
    activeLine(revoked, result),
    ...manifestLines(revoked, result),
    ...licenseLines(revoked, result),
  ]
  return lines.join('\n')
}

function stoppedLine({ kid, usage, changed }: Taken<Revoked>, { dryRun }: RevokeResult): string {
  if (!changed) return `Key ${kid} (${usage}) was revoked before.`
  return dryRun
    ? `Key ${kid} (${usage}) would be revoked; nothing was changed.`
    : `Key ${kid} (${usage}) is revoked: it signs no more, and its private part is destroyed.`
}

function activeLine(revoked: Revoked, { dryRun }: RevokeResult): string {
  const { usage, active, tookOver } = revoked
  if (tookOver && dryRun) return 'Another key would take over at once.'
  if (active === null) {
    return [
      `Warning: no key can sign ${usage} now.`,
      ...wayOut(revoked),
      'Then run this command again.',
    ].join(' ')
  }
  return tookOver
    ? `Key ${active} took over at once; its publication period is waived.`
    : `Key ${active} signs ${usage}.`
}

/** What would let a key sign: the nearest first. */
function wayOut({ hindered }: Revoked): readonly string[] {
  const ready = hindered.filter(({ opens }) => opens === null)
  if (ready.length > 0)
    return ready.map(
      ({ kid }) =>
        `Spare ${kid} is certified for now: bring it home with "licet keys import --private FILE".`,
    )
  const later = hindered.flatMap(({ kid, isHere, opens }) =>
    opens === null
      ? []
      : [
          `The issuing window of key ${kid}, which is ${isHere ? 'here' : 'away'}, opens at ${rfc3339(opens)}.`,
        ],
  )
  return [
    ...later,
    'Make a key with "licet keys add", have the root certify it, and take the certificate in with "licet keys import".',
  ]
}

function manifestLines({ manifest, request }: Revoked, { requestFile, dryRun }: RevokeResult): string[] {
  if (request === null) {
    const verb = dryRun ? 'would name' : 'names'
    return [
      `Root manifest ${manifest} ${verb} it: software that has met this manifest refuses all that the key signed.`,
    ]
  }
  const where =
    requestFile === null || dryRun
      ? [
          'The root has still to sign this, as a file for "licet root rotate --revoke":',
          writeRevocationRequest(request).trim(),
        ]
      : [`The root has still to sign ${requestFile}: "licet root rotate --revoke ${requestFile}".`]
  return [...where, 'Until then shipped software goes on accepting what the key signed.']
}

function licenseLines({ usage }: Revoked, { dryRun, holders, reissued }: RevokeResult): string[] {
  if (usage !== 'codes') return []
  if (reissued === null) {
    if (holders === 0) return ['No active license has its newest code from this key.']
    return [`Licenses that ${dryRun ? 'would' : 'wait to'} be signed again: ${holders}.`]
  }
  const { reissued: signed, ended, failed, failures } = reissued
  return [
    `Licenses signed again: ${signed}; validation and "licet license show" give the new codes.`,
    ...(ended === 0 ? [] : [`No code, since the paid time is over: ${ended}; a renewal brings one.`]),
    ...(failed === 0
      ? []
      : [`Not signed again: ${failed}.`, ...failures.slice(0, MOST_SHOWN).map(failureLine)]),
    ...(failed > MOST_SHOWN ? ['  … more with --json'] : []),
  ]
}

const MOST_SHOWN = 20

const WHY: Readonly<Record<Failure['why'], string>> = {
  no_key: 'no active key is certified for its product or its term',
  revisions_exhausted: 'it is at revision 65535, the last that a code can carry; issue a new one',
  perpetual_trial: 'it is a trial without an end',
  contended: 'somebody else keeps changing it; run this command again',
}

const failureLine = ({ id, why }: Failure): string => `  license ${id}: ${WHY[why]}`
