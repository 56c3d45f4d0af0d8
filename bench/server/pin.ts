import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The server under test has one core for itself, the load generator another. */
export const SERVER_CORE = '0'
export const LOAD_CORE = '1'
export const BOTH_CORES = '0,1'

/** Whether processes can be kept on a core: two cores and `taskset`, which is part of util-linux. */
export const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** The command line that runs `command` on these cores; `taskset` becomes the command, so the pid is the command's. */
export function pinned(cores: string, command: readonly string[]): readonly string[] {
  return CAN_PIN ? ['taskset', '--cpu-list', cores, ...command] : command
}

/** Moves running processes; what they start later stays with them. */
export function pin(cores: string, pids: readonly number[]): void {
  if (CAN_PIN) for (const pid of pids) spawnSync('taskset', ['--pid', '--cpu-list', cores, String(pid)])
}
