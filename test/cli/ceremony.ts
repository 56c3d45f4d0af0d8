import type { Shell } from '../../src/cli/shell.ts'
import { newKey, requestText } from '../authority/ceremony/kit.ts'
import { emptyStage, type Ran, START, type Stage } from './stage.ts'

/** A root of three keys, two of which must sign, in the directory `root`; no instance is there. */
export interface Ceremony extends Stage {
  readonly kids: readonly [string, string, string]
  /** What makes the root keys named by their place sign: `--key F --passphrase-file F` for each. */
  sign(...places: readonly (0 | 1 | 2)[]): string[]
  text(path: string): string
}

export const PASSPHRASES = ['first passphrase', 'second passphrase', 'third passphrase'] as const

export async function ceremony(changed: Partial<Shell> = {}): Promise<Ceremony> {
  const stage = emptyStage({
    open: () => Promise.reject(new Error('a ceremony opens no instance')),
    ...changed,
  })
  for (const [i, passphrase] of PASSPHRASES.entries()) stage.files.set(`${i}.txt`, `${passphrase}\n`)
  const ran = await made(stage, 'root', 2, 3)
  const kids = ran.json().keys.map(({ kid }: { kid: string }) => kid)
  const sign: Ceremony['sign'] = (...places) =>
    places.flatMap((i) => ['--key', `root/root-${kids[i]}.key`, '--passphrase-file', `${i}.txt`])
  return { ...stage, kids, sign, text: (path) => stage.files.get(path) as string }
}

/** `root new`, with the passphrases of the files `0.txt`, `1.txt` … */
export async function made({ licet }: Stage, out: string, threshold: number, keys: number): Promise<Ran> {
  const files = Array.from({ length: keys }, (_, i) => ['--passphrase-file', `${i}.txt`]).flat()
  const asked = ['--threshold', `${threshold}`, '--keys', `${keys}`, '--out', out]
  const ran = await licet('root', 'new', ...asked, ...files, '--json')
  if (ran.exit !== 0) throw new Error(ran.err)
  return ran
}

/** A request file of one key for codes, with a remark; the key is new unless one is given. */
export const requestFile = (key = newKey(), changed: Parameters<typeof requestText>[1] = {}): string =>
  `# from the server\n${requestText(key, { from: START, to: START + 366 * 86_400, ...changed })}\n`
