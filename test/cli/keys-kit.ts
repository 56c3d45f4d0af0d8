import { type Ran, type Stage, stage } from './stage.ts'

export interface KeyItem {
  readonly kid: string
  readonly usage: string
  readonly status: string
  readonly spare: boolean
  readonly windows: readonly { readonly from: string; readonly to: string }[]
  readonly daysLeft: number
  readonly requested: { readonly from: string; readonly to: string } | null
  readonly privatePart: string
  readonly publishedSince: string | null
}

export const keysOf = async ({ licet }: Stage): Promise<readonly KeyItem[]> =>
  (await licet('keys', 'list', '--json')).json().items

export async function keyIn(here: Stage, kid: string): Promise<KeyItem> {
  const found = (await keysOf(here)).find((key) => key.kid === kid)
  if (found === undefined) throw new Error(`there is no key ${kid}`)
  return found
}

export async function activeIn(here: Stage, usage = 'codes'): Promise<string> {
  const found = (await keysOf(here)).find((key) => key.usage === usage && key.status === 'active')
  if (found === undefined) throw new Error(`no key signs ${usage}`)
  return found.kid
}

export async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running
  if (ran.exit !== 0) throw new Error(`exit ${ran.exit}: ${ran.err}`)
  return ran
}

/** A pending key, certified by the development root; answers with its kid. */
export async function certifiedKey({ licet }: Stage, ...more: string[]): Promise<string> {
  const { kid } = (await must(licet('keys', 'add', ...more, '--json'))).json()
  await must(licet('keys', 'certify', kid))
  return kid
}

/** The events of the history, of one key or of all, with who and why. */
export async function historyOf({ licet }: Stage, ...kid: string[]) {
  const items: { event: string; kid: string | null; by: string; reason: string | null }[] = (
    await must(licet('keys', 'history', ...kid, '--json'))
  ).json().items
  return items
}

export const eventsOf = async (here: Stage, kid: string): Promise<readonly string[]> =>
  (await historyOf(here, kid)).map(({ event }) => event)

/** Everything that a refused or dry command must leave as it was. */
export async function stateOf(here: Stage): Promise<string> {
  const stored = await here.inside(async ({ store, retiredKeys }) => ({
    keys: await store.keys(),
    manifests: await store.manifests(),
    history: await store.keyHistory(),
    generation: await store.generation(),
    retired: [...retiredKeys.all()],
  }))
  return JSON.stringify([stored, [...here.files]])
}

const PASSPHRASES = ['first officer 1', 'second officer 2', 'third officer 3']

export interface Officers {
  /** Names of the sealed root keys and of the files with their passphrases. */
  readonly keys: readonly string[]
  readonly passphrases: readonly string[]
  readonly manifest: string
}

/** A root of 2 of 3 keys in the files of the stage. */
export async function officers({ licet, files }: Stage, out = 'root'): Promise<Officers> {
  const passphrases = PASSPHRASES.map((_, i) => `${out}-passphrase-${i}.txt`)
  for (const [i, name] of passphrases.entries()) files.set(name, `${PASSPHRASES[i]}\n`)
  const secrets = passphrases.flatMap((name) => ['--passphrase-file', name])
  await must(licet('root', 'new', '--threshold', '2', '--keys', '3', '--out', out, ...secrets))
  const keys = [...files.keys()].filter((name) => name.startsWith(`${out}/`) && name.endsWith('.key'))
  return { keys, passphrases, manifest: `${out}/root-manifest.json` }
}

/** `licet root certify` by some of the officers; the certificates are in the file it names. */
export async function certifyThere(
  { licet }: Stage,
  { keys, passphrases, manifest }: Officers,
  request: string,
  out: string,
  which: readonly number[] = [0, 1],
): Promise<string> {
  const signing = which.flatMap((i) => ['--key', keys[i]!, '--passphrase-file', passphrases[i]!])
  await must(licet('root', 'certify', request, '--manifest', manifest, ...signing, '--out', out))
  return out
}

/** An instance under a root that lies elsewhere; its three keys are pending. */
export async function underOfficers(here: Stage): Promise<Officers> {
  const root = await officers(here)
  await must(here.licet('init', '--root', root.manifest))
  return root
}

/** An instance as sellers start: a development root, a channel, a catalog. */
export const seller = (): Promise<Stage> => stage()
