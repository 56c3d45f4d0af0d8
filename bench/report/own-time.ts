/**
 * Microseconds of processor time that this process spends on one act, over `times` of them; unlike a clock it
 * does not run while another program has the core.
 */
export async function cpuMicrosOf(times: number, act: (index: number) => unknown): Promise<number> {
  const before = process.cpuUsage()
  for (let index = 0; index < times; index++) {
    const done = act(index)
    if (done instanceof Promise) await done
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}
