import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A verifier in another language: what it needs, and how its vector runner is built and started. */
export interface Language {
  readonly name: string
  /** Commands that succeed where the toolchain is present, each with its arguments. */
  readonly needs: readonly (readonly string[])[]
  /** Debian packages that bring the toolchain. */
  readonly packages: readonly string[]
  /** Makes the runner in a folder of its own; null where nothing is to be made. */
  readonly build: ((folder: string) => Command) | null
  readonly run: (folder: string) => Command
  /** Why its runner may leave vectors out, beside `LEFT_OUT`. */
  readonly leavesOut: readonly string[]
}

export interface Command {
  readonly command: readonly string[]
  readonly cwd: string
}

/** What every verifier leaves out, word for word as the runners say it; `interop/README.md` says why. */
export const LEFT_OUT: readonly string[] = [
  'with a revocation list',
  'a license that a statement decides',
  'beside a clock that was set back',
]

const home = (name: string): string => fileURLToPath(new URL(`../../interop/${name}`, import.meta.url))

export const LANGUAGES: readonly Language[] = [
  {
    name: 'python',
    needs: [['python3', '-c', 'import cryptography']],
    packages: ['python3', 'python3-cryptography'],
    build: null,
    run: () => ({ command: ['python3', '-B', 'run.py'], cwd: home('python') }),
    leavesOut: [],
  },
  {
    name: 'go',
    needs: [['go', 'version']],
    packages: ['golang-go'],
    build: (folder) => ({ command: ['go', 'build', '-o', join(folder, 'interop'), '.'], cwd: home('go') }),
    run: (folder) => ({ command: [join(folder, 'interop')], cwd: home('go') }),
    leavesOut: [],
  },
  {
    name: 'java',
    needs: [['javac', '-version']],
    packages: ['openjdk-17-jdk-headless'],
    build: (folder) => ({ command: ['javac', '-d', folder, 'Run.java'], cwd: home('java') }),
    run: (folder) => ({ command: ['java', '-cp', folder, 'Run'], cwd: home('java') }),
    leavesOut: [],
  },
  {
    name: 'shell',
    needs: [
      ['openssl', 'pkeyutl', '-help'],
      ['jq', '--version'],
    ],
    packages: ['openssl', 'jq'],
    build: null,
    run: () => ({ command: ['sh', 'run.sh'], cwd: home('shell') }),
    leavesOut: [
      'with the character U+0000, which no argument holds',
      'an empty message, which pkeyutl of some OpenSSL cannot take and no object has',
    ],
  },
]

/** The first command that a language needs and this machine does not have; null when all are present. */
export function missing({ needs }: Language): string | null {
  const absent = needs.find(([program = '', ...args]) => spawnSync(program, args).status !== 0)
  return absent === undefined ? null : absent.join(' ')
}
