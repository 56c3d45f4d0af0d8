/** One thing that was looked at, and what a person should know of it. */
export interface Check {
  readonly check: string
  readonly status: 'ok' | 'warning' | 'failed'
  readonly says: string
}

export const ok = (check: string, says: string): Check => ({ check, status: 'ok', says })
export const warning = (check: string, says: string): Check => ({ check, status: 'warning', says })
export const failed = (check: string, says: string): Check => ({ check, status: 'failed', says })
