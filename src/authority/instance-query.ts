import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { licenseText } from './issue.ts'
import type { Channel, InstanceQuery, ShownInstance } from './marketplace.ts'
import type { Worked } from './receive.ts'

/**
 * What the buyer is shown of his instances. It changes nothing. One whose terms are not known yet is named without its
 * pages, so that the marketplace sees that it exists; one that is not known here is left out.
 */
export async function queryInstances(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  { test, instances }: InstanceQuery,
): Promise<Worked> {
  const shown: ShownInstance[] = []
  for (const instance of instances) {
    const one = test ? shownForTest(channel, instance) : await shownOf(authority, snapshot, channel, instance)
    if (one !== null) shown.push(one)
  }
  if (shown.length === 0) return { reply: { type: 'unknown_instance' }, batch: {} }
  return { reply: { type: 'instances', instances: shown }, batch: {} }
}

const shownForTest = ({ pages }: Channel, instance: string): ShownInstance => ({
  instance,
  pages,
  licenseText: null,
})

/** The text of a frozen or released license is not handed out, as in validation. */
async function shownOf(
  { store, crypto }: Authority,
  { keyring }: Snapshot,
  { name, pages }: Channel,
  instance: string,
): Promise<ShownInstance | null> {
  const license = await store.byInstance(name, instance)
  if (license === null) return null
  if (license.status === 'pending') return { instance, pages: null, licenseText: null }
  const code = license.status === 'active' ? await store.newestCode(license.id) : null
  return { instance, pages, licenseText: code && licenseText(crypto, keyring, code) }
}
