import type { Command } from 'commander'
import { certify, checkRequests } from '../authority/ceremony/certify.ts'
import { countedCertificates } from '../authority/ceremony/count.ts'
import type { RootSigner } from '../authority/ceremony/root-signer.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { equalBytes } from '../format/bytes.ts'
import type { CertificationRequest } from '../format/certification-request.ts'
import { readText } from './files.ts'
import { collected } from './options.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import { requestSentence, requestSheet, shown, summary } from './request-text.ts'
import { type Chain, hasSay, openRootKeys, type RootKeyFile, readChain, readRootKeys } from './root-files.ts'
import { noteLine, PASSPHRASE_FILE } from './root-text.ts'
import type { Shell } from './shell.ts'
import { type HashedFile, hashed, transcriptText } from './transcript.ts'

interface Given {
  readonly manifest: readonly string[]
  readonly key: readonly string[]
  readonly passphraseFile?: readonly string[]
  readonly out: string
  readonly dryRun?: boolean
}

/** `licet root certify`: root keys say what the keys in a request file may sign. */
export function addRootCertify(root: Command, { shell, runs }: Program): void {
  command(
    root,
    'certify <request>',
    'Sign the key certificates that a request file asks for; needs no network',
    'root certify requests.txt --manifest root-manifest.json --key root-5f3a9c21.key --dry-run',
    'root certify requests.txt --manifest root-manifest.json --key root-5f3a9c21.key --out certificates-5f3a9c21.txt',
  )
    .requiredOption('--manifest <file>', 'the chain of root manifests; again for a further file', collected)
    .requiredOption('--key <file>', 'a sealed root key; again for a further one', collected)
    .option('--passphrase-file <file>', PASSPHRASE_FILE, collected)
    .requiredOption('--out <file>', 'where the certificates go; it must not exist')
    .option('--dry-run', 'show what would be signed; open no key and sign nothing')
    .action(runs((request: string, given: Given) => rootCertify(shell, request, given)))
}

async function rootCertify(shell: Shell, requestFile: string, given: Given): Promise<Outcome> {
  const plan = await planOf(shell, requestFile, given)
  if (!plan.ok) return plan.no
  return given.dryRun ? planned(plan.value) : carriedOut(shell, plan.value, given.out)
}

/** What is to be signed by whom, before any key is opened. */
interface Plan {
  readonly requests: readonly CertificationRequest[]
  readonly requestFile: HashedFile
  readonly chain: Chain
  readonly keys: readonly RootKeyFile[]
  readonly notes: readonly string[]
}

async function planOf(shell: Shell, path: string, given: Given): Promise<Result<Plan, Outcome>> {
  const text = await readText(shell, path)
  const chain = await readChain(shell, given.manifest)
  const checked = checkRequests(text, shell.crypto)
  if (!checked.ok) return no(refused(2, 'bad_request', requestSentence(path, checked.no)))
  const requests = checked.value
  const clash = clashOf(requests, chain)
  if (clash !== null) return no(refused(1, 'kid_in_use', clash))
  const keys = await readRootKeys(shell, given.key, given.passphraseFile ?? [])
  const stranger = keys.find((key) => !hasSay(chain.newest, key))
  if (stranger !== undefined) return no(refused(1, 'other_root', strangerSentence(stranger, chain)))
  await shell.mustBeFree(given.out)
  const notes = notesOf(shell, requests, chain, keys)
  return yes({ requests, requestFile: hashed(shell, path, text), chain, keys, notes })
}

async function carriedOut(
  shell: Shell,
  { requests, requestFile, chain, keys, notes }: Plan,
  out: string,
): Promise<Outcome> {
  const certified = signAll(shell, requests, await openRootKeys(shell, keys), chain)
  const text = fileText(certified)
  await shell.write(out, text, 'public')
  const files = [requestFile, ...chain.files, hashed(shell, out, text)]
  const transcript = transcriptText(shell, {
    what: 'licet root certify',
    head: [['root', rootText(chain)]],
    signed: certified.map(({ request, kids }) => `${summary(request)}, by ${kids.join(', ')}`),
    files,
    notes,
  })
  const items = certified.map(({ request, kids, texts }) => ({
    ...shown(request),
    roots: kids,
    certificates: texts,
  }))
  return done({ items, out, files, notes, transcript }, `${transcript}\n\n${text.trimEnd()}`)
}

/** One request with its certificates, one of each root key. */
interface Certified {
  readonly request: CertificationRequest
  readonly kids: readonly string[]
  readonly texts: readonly string[]
}

function signAll(
  { crypto }: Shell,
  requests: readonly CertificationRequest[],
  roots: readonly RootSigner[],
  { manifests }: Chain,
): readonly Certified[] {
  return requests.map((request) => {
    const texts = roots.map((root) => certify(request, root, crypto))
    const { refused: bad } = countedCertificates(manifests, request.publicKey, texts, crypto)
    if (bad.length > 0) throw new Error(`a certificate that was just signed does not hold: ${bad[0]!.why}`)
    return { request, kids: roots.map(({ kid }) => kid), texts }
  })
}

const fileText = (certified: readonly Certified[]): string =>
  certified.map(({ request, texts }) => `# ${summary(request)}\n${texts.join('\n')}\n`).join('')

const rootText = ({ newest: { version, threshold, keys } }: Chain): string =>
  `version ${version}, ${threshold} of ${keys.length} keys must sign`

/** A kid names a key among all keys of a server: it must not be that of a root key, nor of two keys. */
function clashOf(requests: readonly CertificationRequest[], { manifests }: Chain): string | null {
  const roots = manifests.flatMap(({ keys }) => keys)
  const revoked = manifests.at(-1)?.revoked ?? []
  for (const { kid, publicKey } of requests) {
    if (roots.some((key) => key.kid === kid))
      return `Key ${kid} has the kid of a root key; nothing was signed. Make another key with "licet keys add".`
    if (revoked.some((key) => key.kid === kid))
      return `Key ${kid} has the kid of a revoked key; nothing was signed. Make another key with "licet keys add".`
    if (requests.some((other) => other.kid === kid && !equalBytes(other.publicKey, publicKey)))
      return `Two different keys of the request file have the kid ${kid}; nothing was signed. Make another key with "licet keys add".`
  }
  return null
}

const strangerSentence = ({ path, kid }: RootKeyFile, { newest }: Chain): string =>
  `${path} holds root key ${kid}, which has no say under root manifest version ${newest.version} (its keys: ${newest.keys.map((key) => key.kid).join(', ')}); nothing was signed. Bring the newest chain, or another key.`

function notesOf(
  shell: Shell,
  requests: readonly CertificationRequest[],
  { newest }: Chain,
  keys: readonly RootKeyFile[],
): readonly string[] {
  const missing = newest.threshold - keys.length
  const late = requests.filter(({ to }) => to <= shell.now())
  return [
    ...(missing > 0
      ? [`${missing} more of the root keys must sign the same request before a certificate counts`]
      : []),
    ...late.map(({ kid }) => `the window of key ${kid} is over by the clock of this machine`),
  ]
}

function planned({ requests, keys, notes }: Plan): Outcome {
  const roots = keys.map(({ kid }) => kid)
  const by = `Would sign with root ${roots.join(', ')}. Nothing was signed.`
  const text = [...requests.map(requestSheet), [by, ...notes.map(noteLine)].join('\n')].join('\n\n')
  return done({ dryRun: true, items: requests.map(shown), roots, notes }, text)
}
