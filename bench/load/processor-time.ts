import { readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second for every user program, whatever its own clock is. */
const MICROS_PER_TICK = 10_000

/** User and system time of processes with all their threads so far, microseconds; null where there is no /proc. */
export function processorMicros(pids: readonly number[]): number | null {
  try {
    return pids.map(microsOf).reduce((sum, one) => sum + one, 0)
  } catch {
    return null
  }
}

function microsOf(pid: number): number {
  // utime and stime.
  const fields = statOf(pid)
  return (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK
}

/** The fields behind the name, which stands in parentheses and may hold spaces. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** A process and those it started that still run; itself alone where there is no /proc. */
export function familyOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
    return [pid, ...children.split(' ').filter(Boolean).map(Number)]
  } catch {
    return [pid]
  }
}
