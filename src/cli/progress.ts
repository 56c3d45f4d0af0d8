import type { Progress, Step } from './moves.ts'
import type { Shell } from './shell.ts'

/** Seconds between two lines where nobody looks at a bar. */
const EVERY = 5

const WIDTH = 30

const WORDS: Readonly<Record<Step, string>> = {
  exporting: 'exported',
  checking: 'checked',
  writing: 'imported',
  raising: 'licenses raised',
}

export interface ProgressTeller {
  readonly tell: Progress
  /** Leaves the line of the bar. */
  end(): void
}

/** On a terminal a bar that stays where it is, about once a second; elsewhere a line every five seconds. */
export function progressTeller(shell: Pick<Shell, 'err' | 'now' | 'isTerminal'>): ProgressTeller {
  const { isTerminal } = shell
  let current: Step | null = null
  let [beganAt, toldAt, isOpen] = [0, 0, false]

  function end(): void {
    if (isOpen) shell.err('\n')
    isOpen = false
  }

  function begin(step: Step): void {
    end()
    current = step
    beganAt = shell.now()
    toldAt = beganAt
  }

  return {
    end,
    tell(step, done, all) {
      if (step !== current) begin(step)
      const now = shell.now()
      const isLast = done === all
      if (now - toldAt < (isTerminal ? 1 : EVERY) && !(isTerminal && isLast)) return
      toldAt = now
      const text = `${countText(step, done, all)}, ${Math.round(done / Math.max(1, now - beganAt))}/s`
      shell.err(isTerminal ? `\r${all === null ? '' : `${bar(done, all)} `}${text}` : `${text}\n`)
      isOpen = isTerminal
    },
  }
}

const countText = (step: Step, done: number, all: number | null): string =>
  `${done}${all === null ? '' : ` of ${all}`} ${step === 'raising' ? '' : 'rows '}${WORDS[step]}`

function bar(done: number, all: number): string {
  const full = all === 0 ? WIDTH : Math.floor((done / all) * WIDTH)
  return `[${'='.repeat(full)}${' '.repeat(WIDTH - full)}]`
}
