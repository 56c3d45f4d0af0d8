import type { PromptSigner } from '../host.ts'

/** A root key that is open: it signs certificates and manifests, and is not kept. */
export interface RootSigner {
  readonly kid: string
  readonly publicKey: Uint8Array
  readonly signer: PromptSigner
}
