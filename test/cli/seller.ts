import { publishedJwks } from '../../src/authority/published-keys.ts'
import { createRevocationLists } from '../../src/authority/revocations.ts'
import { emptyStage, START, type Stage, sold, stage } from './stage.ts'

/** A seller with one license, and what its customer is given. */
export async function seller() {
  const made = await stage()
  const id = await sold(made)
  const text = async () => (await made.licet('license', 'show', id, '--json')).json().text as string
  const change = async (...argv: string[]) => {
    const [verb = '', ...more] = argv
    const { exit, err } = await made.licet('license', verb, id, ...more)
    if (exit !== 0) throw new Error(err)
  }
  made.files.set('license.txt', await text())
  return { ...made, id, text, change, list: () => listOf(made) }
}

/** The newest list, as `GET /v1/revocations/cad-pro` gives it. */
const listOf = (made: Stage): Promise<string> =>
  made.inside(async (authority) => {
    const { catalog } = await authority.configuration.current(authority.ambient.now())
    const current = await createRevocationLists(authority).current(catalog.products[0]!)
    if (!current.ok) throw new Error(current.no.reason)
    return current.value.text
  })

/** The answer of `GET /v1/keys`. */
export const keysOf = (made: Stage): Promise<string> =>
  made.inside(async (authority) => {
    const { keyring } = await authority.configuration.current(authority.ambient.now())
    const roots = keyring.manifests.map((manifest) => JSON.parse(manifest))
    return JSON.stringify({ roots, certificates: keyring.certificates, jwks: publishedJwks(keyring) })
  })

const NO_INSTANCE = Object.assign(new Error('no instance'), { name: 'CannotStart' })

/** A customer's machine: these files, the seller's root, no instance and no network. */
export function machine(files: Readonly<Record<string, string>>, now = START, why: Error = NO_INSTANCE) {
  const made = emptyStage({ open: () => Promise.reject(why), now: () => now })
  for (const [name, text] of Object.entries(files)) made.files.set(name, text)
  return async (...argv: string[]) => {
    const { exit, json } = await made.licet('verify', ...argv, '--json')
    const { reason, standing, decidedBy, warnings, line } = json()
    return { exit, says: reason ?? standing, decidedBy, warnings, line }
  }
}
