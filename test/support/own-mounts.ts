import { spawnSync } from 'node:child_process'

/** A command that runs where mounts are its own, so that a test needs no rights to make a small or read-only disk. */
export const inOwnMounts = (script: string): readonly [string, readonly string[]] => [
  'unshare',
  ['--user', '--map-root-user', '--mount', 'sh', '-c', script],
]

/** A command that runs as process 1, as in a container. */
export const asFirstProcess = (command: readonly string[]): readonly [string, readonly string[]] => [
  'unshare',
  ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc', ...command],
]

/** False where the system allows it to nobody, or to root alone. */
export const CAN_MOUNT: boolean =
  process.platform === 'linux' && spawnSync(...ofTry(), { stdio: 'ignore' }).status === 0

function ofTry(): [string, string[]] {
  const [command, args] = inOwnMounts('mount -t tmpfs -o size=1m licet /mnt')
  return [command, [...args]]
}

if (!CAN_MOUNT)
  console.warn('This system allows no mounts of one’s own: tests of full and read-only disks are skipped.')
