import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Question } from './answer.ts'
import type { Asked, EntryName } from './guest.ts'

/** A place where the verifier runs, other than the Node that runs the tests. */
export interface Host {
  /** The answers, in the order of the questions. */
  ask(entry: EntryName, questions: readonly Question[]): Promise<readonly unknown[]>
}

export interface Running {
  /** Name and version, as the program itself gives them. */
  readonly name: string
  /** A host of its own in the program; the preamble is run in it before the verifier. */
  open(preamble: string): Promise<Host>
  close(): Promise<void>
}

/** Why this machine has no such program, or cannot run it. */
export interface Absent {
  readonly absent: string
}

/** Run before the guest: a host whose WebCrypto is good for everything but Ed25519, as browsers were before 2025. */
export const WITHOUT_ED25519 = `{
  const importKey = crypto.subtle.importKey
  Object.getPrototypeOf(crypto.subtle).importKey = function (format, key, algorithm, ...rest) {
    const name = algorithm.name ?? algorithm
    if (name === 'Ed25519') return Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'))
    return importKey.call(this, format, key, algorithm, ...rest)
  }
}
`

/** A guest as one module for browsers and workers; a Node builtin among its imports is an error. */
export async function bundle(guest: 'guest-page.ts' | 'guest-worker.ts'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(guest, import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** A host from the way its guest is reached: one JSON text for another. */
export function hostOf(send: (asked: string) => Promise<string>): Host {
  return {
    async ask(entry, questions) {
      const asked: Asked = { entry, questions }
      return JSON.parse(await send(JSON.stringify(asked))) as readonly unknown[]
    },
  }
}
