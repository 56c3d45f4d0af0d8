import type { Command } from 'commander'
import { rfc3339 } from '../authority/view.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { keyId } from '../format/jws.ts'
import { USAGE } from '../format/key-certificate.ts'
import type { RevokedKey } from '../format/root-manifest.ts'
import type { SealedKey } from '../format/sealed-key.ts'
import { readText } from './files.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import { requestSheet, shown } from './request-text.ts'
import { type CertificateText, type RootObject, readRootObject } from './root-objects.ts'
import { manifestDocument, manifestSheet } from './root-text.ts'
import type { Shell } from './shell.ts'
import { sheet } from './table.ts'

/** `licet root show`: what a file of a ceremony is and says. It believes nothing of it but a request's own proof. */
export function addRootShow(root: Command, { shell, runs }: Program): void {
  command(
    root,
    'show <file>',
    'Say what a file is: manifests, a draft, requests, certificates, a sealed key',
    'root show root-manifest.json',
    'root show root-5f3a9c21.key --json',
  ).action(runs((file: string) => rootShow(shell, file)))
}

async function rootShow(shell: Shell, file: string): Promise<Outcome> {
  const read = readRootObject(shell, file, await readText(shell, file))
  return read.ok ? shownObject(shell, read.value) : refused(2, 'unreadable', read.no)
}

function shownObject({ crypto: { sha256 } }: Shell, object: RootObject): Outcome {
  const { kind } = object
  switch (kind) {
    case 'manifests': {
      const items = object.manifests.map(({ manifest, signatures }) => ({
        ...manifestDocument(manifest),
        signatures: signatures.map(({ kid }) => kid),
      }))
      const texts = object.manifests.map(({ manifest, signatures }) =>
        [
          manifestSheet(manifest),
          `Signatures by ${signatures.map(({ kid }) => kid).join(', ') || 'nobody'}; "licet root verify" checks them.`,
        ].join('\n\n'),
      )
      return done({ kind, items }, texts.join('\n\n\n'))
    }
    case 'requests':
      return done({ kind, items: object.requests.map(shown) }, object.requests.map(requestSheet).join('\n\n'))
    case 'certificates': {
      const items = object.certificates.map((one) => certificateDocument(one, sha256))
      return done({ kind, items }, items.map(certificateSheet).join('\n\n'))
    }
    case 'sealed_key': {
      const item = sealedDocument(object.key, sha256)
      return done({ kind, ...item }, sealedSheet(item))
    }
    case 'revocation':
      return done({ kind, ...revocationDocument(object.key) }, revocationSheet(object.key))
    default:
      return kind satisfies never
  }
}

type Sha256 = Shell['crypto']['sha256']

const usagesOf = (bits: number): readonly string[] =>
  Object.entries(USAGE).flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name]))

const certificateDocument = ({ text, certificate: one }: CertificateText, sha256: Sha256) => ({
  kid: keyId(one.publicKey, sha256),
  root: one.rootKid,
  usages: usagesOf(one.usages),
  from: rfc3339(one.from),
  to: rfc3339(one.to),
  product: one.product,
  maxTermMonths: one.maxTermMonths,
  serial: one.serial,
  text,
})

const certificateSheet = (one: ReturnType<typeof certificateDocument>): string =>
  sheet([
    ['certificate for key', one.kid],
    ['signed by root key', `${one.root}; "licet root verify" checks it`],
    ['may sign', one.usages.join(', ')],
    ['from', one.from],
    ['to', `${one.to} (exclusive)`],
    ['products', one.product === 0 ? 'every one' : `${one.product}`],
    [
      'longest term',
      one.maxTermMonths === 0 ? 'any, perpetual included' : `${one.maxTermMonths} months of 31 days`,
    ],
    ['serial', `${one.serial}`],
  ])

const sealedDocument = ({ purpose, publicKey, sealed: { cost } }: SealedKey, sha256: Sha256) => ({
  purpose,
  kid: keyId(publicKey, sha256),
  x: encodeBase64url(publicKey),
  scrypt: { n: 2 ** cost.logN, r: cost.r, p: cost.p },
})

const sealedSheet = ({ purpose, kid, x, scrypt }: ReturnType<typeof sealedDocument>): string =>
  sheet([
    ['sealed key', purpose === 'root' ? 'root key' : 'spare signing key'],
    ['kid', kid],
    ['public key', x],
    ['sealed with', `scrypt N=${scrypt.n} r=${scrypt.r} p=${scrypt.p}, AES-256-GCM; every line is whole`],
  ])

const revocationDocument = ({ kid, publicKey, at, reason }: RevokedKey) => ({
  kid,
  x: encodeBase64url(publicKey),
  at: rfc3339(at),
  reason,
})

const revocationSheet = ({ kid, at, reason }: RevokedKey): string =>
  sheet([
    ['to be revoked', kid],
    ['since', rfc3339(at)],
    ['reason', reason],
  ])
