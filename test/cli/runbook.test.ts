import { describe, expect, it } from 'vitest'
import { sweep } from '../../src/authority/sweep.ts'
import { licetWords, page, shellLines } from '../support/documented.ts'
import { verifyMet } from '../verify/everything.ts'
import { CATALOG, DAY, emptyStage, START, type Stage, sold } from './stage.ts'

const OPERATIONS = page('docs/operations.md')

type Ids = Record<string, string>

/** A server under a root of three officers, in business; `a.key`, `b.key`, `c.key` as the runbook names them. */
interface Business extends Stage {
  /** Active keys by usage. */
  active(): Promise<Ids>
  status(kid: string): Promise<string>
  rootKids(): Promise<readonly string[]>
}

async function business(): Promise<Business> {
  const one = emptyStage({ askSecret: async () => 'the words of everybody' })
  const must = mustOf(one)
  const json = async (...words: string[]) => JSON.parse(await must(...words, '--json'))
  const rootKids = async () => {
    const newest = (await json('keys', 'list')).rootVersion
    const file = newest === 1 ? 'root-manifest.json' : `root-manifest-${newest}.json`
    return (await json('root', 'show', file)).items[0].keys.map(({ kid }: { kid: string }) => kid)
  }
  await must('root', 'new', '--threshold', '2', '--keys', '3', '--out', 'root')
  one.files.set('root-manifest.json', one.files.get('root/root-manifest.json')!)
  await must('init', '--root', 'root-manifest.json')
  for (const [index, kid] of (await rootKids()).entries())
    one.files.set(`${'abc'[index]}.key`, one.files.get(`root/root-${kid}.key`)!)
  await must('keys', 'request', '--request-file', 'first.txt')
  const signers = ['--key', 'a.key', '--key', 'b.key']
  await must('root', 'certify', 'first.txt', '--manifest', 'root-manifest.json', ...signers, '--out', 'first')
  await must('keys', 'import', 'first')
  for (const { kid } of (await json('keys', 'list')).items)
    await must('keys', 'promote', kid, '--force', '--reason', 'a new server')
  one.files.set('catalog.json', JSON.stringify(CATALOG))
  await must('catalog', 'apply', 'catalog.json')
  const keys = async () =>
    (await json('keys', 'list')).items as { kid: string; usage: string; status: string }[]
  return {
    ...one,
    rootKids,
    active: async () =>
      Object.fromEntries(
        (await keys()).filter(({ status }) => status === 'active').map(({ usage, kid }) => [usage, kid]),
      ),
    status: async (wanted) => (await keys()).find(({ kid }) => kid === wanted)!.status,
  }
}

const mustOf =
  ({ licet }: Stage) =>
  async (...words: string[]): Promise<string> => {
    const { exit, out, err } = await licet(...words)
    expect(exit, `${words.join(' ')}: ${err}`).toBe(0)
    return out
  }

/** Runs lines of the runbook; an id is put in place of its `$NAME`, from `ids`, which grow as the work goes on. */
async function perform(
  one: Stage,
  lines: readonly string[],
  ids: Ids,
  after: (line: string) => Promise<void> = async () => {},
): Promise<void> {
  for (const line of lines) {
    const words = licetWords(line).map((word) =>
      word.replace(/\$([A-Z_]+)/g, (_, name: string) => ids[name] ?? unknownName(name)),
    )
    await mustOf(one)(...words)
    await after(line)
  }
}

function unknownName(name: string): never {
  throw new Error(`the runbook has a name that the test does not know: $${name}`)
}

/** What shipped software that pinned the first manifest says, having met those of `files`. */
function judged(one: Stage, text: string, ...met: string[]): string | null {
  const read = (name: string) => new TextDecoder().decode(bytes(one.files.get(name)!))
  const manifests = met.map(read)
  return verifyMet(text, read('root-manifest.json'), { now: START + 2 * DAY, manifests }).reason
}

const bytes = (file: string | Uint8Array): Uint8Array =>
  typeof file === 'string' ? new TextEncoder().encode(file) : file

describe('the runbook', () => {
  it('rotates where the root is at hand', async () => {
    const one = emptyStage()
    await one.licet('init')
    const before = (await one.licet('keys', 'list', '--json')).json().items
    await perform(one, shellLines(OPERATIONS, 'Routine rotation').slice(0, 1), {})
    const after = (await one.licet('keys', 'list', '--json')).json().items
    expect(after).toHaveLength(2 * before.length)
  })

  it('rotates under a root that lies elsewhere', async () => {
    const one = await business()
    const ids: Ids = { OLD: (await one.active()).codes! }
    const old = await sold(one)
    await perform(one, shellLines(OPERATIONS, 'Routine rotation').slice(1), ids, async (line) => {
      if (line.includes('keys add --request-file')) ids.NEW = await pendingOf(one)
      if (line.includes('keys import certificates')) one.pass(DAY)
    })
    expect((await one.active()).codes).toBe(ids.NEW)
    expect(await one.status(ids.OLD!)).toBe('retired')
    for (const id of [old, await sold(one)]) expect(judged(one, await textOf(one, id))).toBeNull()
  })

  it.each([
    ['ten minutes after the server was made', 600, 30],
    ['in the middle of the year', 150 * DAY, 30],
    ['60 days before the window closes', 306 * DAY, 30],
    ['20 days before the window closes', 346 * DAY, 7],
  ])('promotes the successor that the alert names, where its spares were made %s', async (_, made, alerted) => {
    const one = await business()
    one.pass(made)
    await perform(one, shellLines(OPERATIONS, 'Spares for the safe'), {}, async () => one.pass(60))
    one.pass((366 - alerted + 1) * DAY - made)
    const ids: Ids = { OLD: (await one.active()).codes!, SUCCESSOR: await successorOf(one) }
    await perform(one, shellLines(OPERATIONS, 'The successor in the safe'), ids)
    expect((await one.active()).codes).toBe(ids.SUCCESSOR)
    expect(await one.status(ids.OLD!)).toBe('retired')
    one.pass(60 * DAY)
    one.files.set('sold.txt', await textOf(one, await sold(one, '--until', '2028-03-01')))
    await mustOf(one)('verify', 'sold.txt')
  })

  it('shuts a leaked signing key out', async () => {
    const one = await business()
    await perform(one, shellLines(OPERATIONS, 'Spares for the safe'), {})
    const [leaked, license] = [(await one.active()).codes!, await sold(one)]
    const old = await textOf(one, license)
    one.pass(DAY)
    const ids = { LEAKED: leaked, LICENSE: license }
    await perform(one, shellLines(OPERATIONS, 'A signing key has leaked'), ids, async (line) => {
      if (line.includes('keys revoke')) await sold(one)
    })
    await isShutOut(one, leaked, license, old)
  })

  it('shuts a leaked signing key out where no spare is certified for now', async () => {
    const one = await business()
    const [leaked, license] = [(await one.active()).codes!, await sold(one)]
    const old = await textOf(one, license)
    one.pass(DAY)
    const ids = { LEAKED: leaked, LICENSE: license }
    await perform(one, shellLines(OPERATIONS, 'A leak without a spare'), ids)
    await isShutOut(one, leaked, license, old)
    await sold(one)
  })

  it('joins what two officers signed apart', async () => {
    const one = await business()
    const [, , lost = ''] = await one.rootKids()
    const rotate = ['root', 'rotate', '--manifest', 'root-manifest.json', '--drop', lost]
    await mustOf(one)(...rotate, '--out', 'draft-2.json')
    await perform(one, shellLines(OPERATIONS, 'Officers sign apart'), {})
    await mustOf(one)('keys', 'import', 'root-manifest-2.json')
    expect(await one.rootKids()).not.toContain(lost)
  })

  it('replaces a lost root key', async () => {
    const one = await business()
    const license = await sold(one)
    const [, , lost = ''] = await one.rootKids()
    const ids: Ids = { LOST: lost }
    await perform(one, shellLines(OPERATIONS, 'A root key is lost'), ids, replacing(one, ids))
    expect(await one.rootKids()).not.toContain(lost)
    expect(judged(one, await textOf(one, license), 'root-manifest-2.json')).toBeNull()
  })

  it('shuts a leaked root key out without a moment in which no key signs', async () => {
    const one = await business()
    const license = await sold(one)
    const { codes = '', statements = '', lists = '' } = await one.active()
    const [, , leaked = ''] = await one.rootKids()
    const ids: Ids = { CODES: codes, STATEMENTS: statements, LISTS: lists, LEAKED_ROOT: leaked }
    await perform(one, shellLines(OPERATIONS, 'A root key has leaked'), ids, replacing(one, ids))
    expect(await one.rootKids()).not.toContain(leaked)
    expect(judged(one, await textOf(one, license), 'root-manifest-2.json')).toBeNull()
    expect(await one.active()).toEqual({ codes, statements, lists })
  })
})

/** Software that met the second manifest refuses the code from before, and accepts the one that took its place. */
async function isShutOut(one: Business, leaked: string, license: string, old: string): Promise<void> {
  expect(await one.status(leaked)).toBe('revoked')
  expect(judged(one, old, 'root-manifest-2.json')).toBe('key_revoked')
  expect(judged(one, old)).toBeNull()
  expect(judged(one, await textOf(one, license), 'root-manifest-2.json')).toBeNull()
}

/** Learns the key id of the root key that was made to replace another. */
const replacing = (one: Stage, ids: Ids) => async (line: string) => {
  if (!line.includes('root new')) return
  const made = [...one.files.keys()].find(
    (name) => name.startsWith('replacement/root-') && name.endsWith('.key'),
  )
  ids.ADDED = made!.slice('replacement/root-'.length, -'.key'.length)
}

/** As support reads it in the last alert for the key for codes. */
function successorOf(one: Stage): Promise<string> {
  return one.inside(async (authority) => {
    await sweep(authority)
    const alerts = await authority.store.dueAlerts(authority.ambient.now(), 100)
    const last = alerts.findLast(({ alert }) => alert.detail.usage === 'codes')
    return String(last?.alert.detail.successor)
  })
}

async function pendingOf(one: Stage): Promise<string> {
  const { items } = (await one.licet('keys', 'list', '--json')).json()
  return items.find(({ status }: { status: string }) => status === 'pending').kid
}

const textOf = async (one: Stage, id: string): Promise<string> =>
  (await one.licet('license', 'show', id, '--json')).json().text
