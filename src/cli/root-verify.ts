import type { Command } from 'commander'
import { countedCertificates } from '../authority/ceremony/count.ts'
import { toHex } from '../format/bytes.ts'
import { keyId } from '../format/jws.ts'
import { readText } from './files.ts'
import { verifierOf } from './manifests.ts'
import { collected } from './options.ts'
import type { Outcome } from './output.ts'
import { command, type Program } from './program.ts'
import { draftSentence, judged } from './root-draft.ts'
import { type Chain, hasSay, readChain } from './root-files.ts'
import { type CertificateText, type RootObject, readRootObject } from './root-objects.ts'
import type { Shell } from './shell.ts'

/** `licet root verify`: whether the files of a ceremony hold; exit code 1 when one does not. */
export function addRootVerify(root: Command, { shell, runs }: Program): void {
  command(
    root,
    'verify <files...>',
    'Check manifests, drafts, requests, certificates and sealed keys; exit code 1 when one does not hold',
    'root verify root-manifest.json',
    'root verify certificates.txt root-manifest-2.json --manifest root-manifest.json',
  )
    .option('--manifest <file>', 'the chain they should stand under; again for a further file', collected)
    .action(
      runs((files: readonly string[], given: { manifest?: readonly string[] }) =>
        rootVerify(shell, files, given),
      ),
    )
}

/** What is said of one file. */
interface Finding {
  readonly file: string
  readonly holds: boolean
  readonly says: readonly string[]
}

async function rootVerify(
  shell: Shell,
  files: readonly string[],
  { manifest = [] }: { manifest?: readonly string[] },
): Promise<Outcome> {
  const chain = manifest.length === 0 ? null : await readChain(shell, manifest)
  const findings: Finding[] = []
  for (const file of files) {
    const read = readRootObject(shell, file, await readText(shell, file))
    findings.push(read.ok ? { file, ...judge(shell, file, read.value, chain) } : { file, ...fails(read.no) })
  }
  const holds = findings.every((one) => one.holds)
  const text = findings.map(({ file, holds: good, says }) =>
    [`${file}: ${good ? 'holds' : 'DOES NOT HOLD'}`, ...says.map((one) => `  ${one}`)].join('\n'),
  )
  return { type: 'answer', exit: holds ? 0 : 1, json: { holds, items: findings }, text: text.join('\n') }
}

type Judged = Pick<Finding, 'holds' | 'says'>

const holds = (...says: string[]): Judged => ({ holds: true, says })
const fails = (...says: string[]): Judged => ({ holds: false, says })

function judge(shell: Shell, file: string, object: RootObject, chain: Chain | null): Judged {
  switch (object.kind) {
    case 'manifests':
      return chain === null ? alone(shell, object.texts) : following(shell, file, object.texts, chain)
    case 'requests':
      return holds(`${object.requests.length} certification requests, each signed by its own key`)
    case 'certificates':
      return chain === null ? fails(UNDER_WHAT) : certificates(shell, object.certificates, chain)
    case 'sealed_key':
      return sealedKey(shell, object.key.publicKey, chain)
    case 'revocation':
      return holds('a revocation request; it carries no signature, so ask who sent it')
    default:
      return object satisfies never
  }
}

const UNDER_WHAT = 'certificates stand under a root: give --manifest FILE'

function alone(shell: Shell, texts: readonly string[]): Judged {
  const opened = verifierOf(shell).openTrustSync(texts)
  if (!opened.ok) return fails(opened.why)
  const { manifests } = opened.trust
  return holds(
    `root manifests ${manifests.map(({ version }) => version).join(', ')}, of which the first is believed as it stands`,
  )
}

function following(shell: Shell, file: string, texts: readonly string[], chain: Chain): Judged {
  let so: Chain = chain
  for (const text of texts) {
    const state = judged(shell, so, text)
    if (!state.complete) return fails(draftSentence(file, state))
    so = { ...so, texts: [...so.texts, text] }
  }
  return holds('follows from the chain')
}

function certificates(shell: Shell, given: readonly CertificateText[], { manifests }: Chain): Judged {
  const says: string[] = []
  let good = true
  const keys = new Map(given.map(({ certificate: { publicKey } }) => [toHex(publicKey), publicKey]))
  for (const publicKey of keys.values()) {
    const kid = keyId(publicKey, shell.crypto.sha256)
    const own = given.filter(({ certificate }) => toHex(certificate.publicKey) === toHex(publicKey))
    const { grants, short, refused } = countedCertificates(
      manifests,
      publicKey,
      own.map(({ text }) => text),
      shell.crypto,
    )
    if (short.length + refused.length > 0) good = false
    says.push(
      ...grants.map(({ roots }) => `key ${kid} is certified by ${roots.join(', ')}`),
      ...short.map(({ have, need }) => `key ${kid}: ${have} of ${need} root keys signed`),
      ...refused.map(({ why }) => `key ${kid}: a certificate does not count: ${FAULTS[why]}`),
    )
  }
  return { holds: good, says }
}

const FAULTS = {
  unreadable: 'it cannot be read',
  other_key: 'it is of another key',
  unknown_root: 'the chain does not know the root key that signed it',
  revoked_root: 'the root key that signed it is revoked',
  bad_signature: 'the signature is wrong',
} as const

function sealedKey({ crypto }: Shell, publicKey: Uint8Array, chain: Chain | null): Judged {
  const kid = keyId(publicKey, crypto.sha256)
  const whole = `sealed key ${kid}: every line is whole; only its passphrase shows that it opens`
  if (chain === null || hasSay(chain.newest, { kid, publicKey })) return holds(whole)
  return fails(whole, `it has no say under root manifest version ${chain.newest.version}`)
}
