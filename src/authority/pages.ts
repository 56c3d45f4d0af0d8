import { no, type Result, yes } from '../domain/result.ts'
import type { AdminRefusal } from './admin.ts'
import type { Authority } from './authority.ts'
import type { Pages } from './marketplace.ts'
import type { Settings } from './ports.ts'

const NONE: Pages = { frontEnd: null, admin: null }

const LONGEST_URL = 1024

/** The setting they are kept in. */
const settingOf = (channel: string): string => `pages:${channel}`

export async function pagesOf(store: Pick<Settings, 'setting'>, channel: string): Promise<Pages> {
  const text = await store.setting(settingOf(channel))
  return text === null ? NONE : JSON.parse(text)
}

/** Sets the pages that are given and leaves the others; answers with all of them. */
export async function setPages(
  { store, configuration }: Pick<Authority, 'store' | 'configuration'>,
  channel: string,
  given: Partial<Pages>,
): Promise<Result<Pages, AdminRefusal>> {
  if (!(await store.channels()).some(({ name }) => name === channel))
    return no({ reason: 'unknown_channel', channel })
  const wrong = Object.values(given).find((url) => url !== null && !isPage(url))
  if (wrong !== undefined && wrong !== null) return no({ reason: 'bad_page', url: wrong })
  const pages = { ...(await pagesOf(store, channel)), ...given }
  await store.setSetting(settingOf(channel), JSON.stringify(pages))
  configuration.forget()
  return yes(pages)
}

/** A buyer's browser opens it: nothing but the web. */
function isPage(url: string): boolean {
  if (url.length > LONGEST_URL || !URL.canParse(url)) return false
  return ['https:', 'http:'].includes(new URL(url).protocol)
}
