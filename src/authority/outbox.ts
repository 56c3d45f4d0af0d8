import type { Seconds } from '../domain/time.ts'

/** What somebody has to be told. */
export interface Alert {
  readonly kind:
    | 'parked_order'
    | 'parked_call_expired'
    | 'key_window'
    | 'not_issued'
    | 'revisions_exhausted'
    | 'list_too_long'
    | 'outgoing_dead'
    | 'activation_failed'
    | 'callback_missed'
    | 'refused_application'
  /** Names one occasion: the same alert is queued once. */
  readonly key: string
  /** Ids and codes only; no personal data, no secret. */
  readonly detail: Readonly<Record<string, string | number>>
  /** When it was noticed. */
  readonly at: Seconds
}

/** Alerts, kept until they are told. */
export interface Outbox {
  /** Queued alerts that are due, oldest first. */
  dueAlerts(now: Seconds, limit: number): Promise<readonly QueuedAlert[]>
  queueAlert(alert: Alert): Promise<void>
  /**
   * Called before an alert is told: it is due again only at `until`. False when another process has claimed,
   * postponed or settled it since it was read.
   */
  claimAlert(alert: QueuedAlert, until: Seconds): Promise<boolean>
  settleAlert(id: string): Promise<void>
  postponeAlert(id: string, until: Seconds): Promise<void>
}

export interface QueuedAlert {
  readonly id: string
  readonly alert: Alert
  readonly attempts: number
  readonly due: Seconds
}
