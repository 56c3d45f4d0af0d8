/** Milliseconds. The marketplace gives up after 5 s; a callback is answered before that, whatever hangs. */
export const CALLBACK_DEADLINE = 4_000

export interface Deadline {
  /** Settles when the time is up; never when `clear` came first. */
  readonly expired: Promise<void>
  clear(): void
}

export function startDeadline(milliseconds: number): Deadline {
  let timer: ReturnType<typeof setTimeout> | undefined
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  return { expired, clear: () => clearTimeout(timer) }
}
