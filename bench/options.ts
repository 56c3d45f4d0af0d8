import { parseArgs } from 'node:util'

export const CASES = [
  'callback',
  'validation',
  'verify',
  'postgres',
  'postgres-fleets',
  'postgres-validation',
  'scale',
  'scale-postgres',
  'bytes',
  'move',
  'reissue',
] as const
export type CaseName = (typeof CASES)[number]

export interface Options {
  readonly rounds: number
  /** A short look while working on the code: few rounds, small counts, no verdict worth keeping. */
  readonly quick: boolean
  readonly cases: readonly CaseName[]
  readonly jsonFile: string | null
  /** Where the databases go; must be a disk. */
  readonly directory: string
  /** Profiles the product under load instead of measuring. */
  readonly profile: boolean
}

export const USAGE = `Usage: npm run bench -- [options]
  --rounds N    interleaved rounds of every case (default 5)
  --quick       2 rounds and small counts
  --only LIST   some of ${CASES.join(',')}
  --json FILE   writes every round as JSON
  --dir DIR     where the databases go (default .licet-bench/); must be a disk, not memory
  --profile     shows where the product's time goes, instead of measuring`

/** Throws with a sentence when the arguments make no sense. */
export function readOptions(argv: readonly string[], projectDirectory: string): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
      dir: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5))
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error('--rounds takes a number from 1 to 100')
  return {
    rounds,
    quick: values.quick,
    cases: values.only === undefined ? CASES : values.only.split(',').map(caseNamed),
    jsonFile: values.json ?? null,
    directory: values.dir ?? `${projectDirectory}/.licet-bench`,
    profile: values.profile,
  }
}

function caseNamed(name: string): CaseName {
  const found = CASES.find((one) => one === name)
  if (found === undefined) throw new Error(`--only: there is no case ${name}`)
  return found
}
