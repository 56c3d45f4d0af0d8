import { readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second for every user program, whatever its own clock is. */
const MICROS_PER_TICK = 10_000

/** User and system time of a process with all its threads so far, microseconds; null where there is no /proc. */
export function processorMicros(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name, in parentheses, may hold spaces; utime and stime are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK
  } catch {
    return null
  }
}
