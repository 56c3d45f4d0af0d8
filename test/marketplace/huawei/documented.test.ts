import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ACTIVITIES } from '../../../src/marketplace/huawei/activities.ts'
import { KIT_BODIES } from '../../../src/marketplace/huawei/kit-bodies.ts'
import { page } from '../../support/documented.ts'

const PAGE = page('docs/huawei.md')
const ROOT = new URL('../../../', import.meta.url)
const FILES = readdirSync(new URL('test/', ROOT), { recursive: true, encoding: 'utf8' }).map(
  (path) => `test/${path}`,
)

const COLUMNS = ['activity', 'fields', 'checks', 'effect', 'answer', 'test']

interface Row {
  readonly section: string
  readonly activity: string
  readonly cells: readonly string[]
}

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())

/** The rows of every table of activities, with the heading that it stands under. */
function rowsOf(text: string): readonly Row[] {
  const activities = text.slice(text.indexOf('\n## 3.'), text.indexOf('\n## 4.'))
  return activities.split('\n### ').flatMap((part) => {
    const section = part.split('\n', 1)[0]!
    const table = part.split('\n\n').find((block) => block.startsWith('| activity |'))
    if (table === undefined) return []
    const [head, , ...lines] = table.trimEnd().split('\n')
    expect([section, cellsOf(head!).map((cell) => cell.split(',')[0])]).toEqual([section, COLUMNS])
    return lines.map((line) => {
      const cells = cellsOf(line)
      return { section, activity: /^`(\w+)`/.exec(cells[0]!)?.[1] ?? '', cells }
    })
  })
}

const ROWS = rowsOf(PAGE)
const FAMILIES_BY_GET = ['License 1.0', 'SaaS 1.0']
const namedIn = (isOne: (section: string) => boolean) =>
  [...new Set(ROWS.filter(({ section }) => isOne(section)).map(({ activity }) => activity))].sort()

test('every activity that Licet knows has a row, and no other has one', () => {
  const byGet = (section: string) => FAMILIES_BY_GET.includes(section)
  expect(namedIn(byGet)).toEqual([...ACTIVITIES.GET.keys()].sort())
  expect(namedIn((section) => !byGet(section) && section !== 'Kit')).toEqual(
    [...ACTIVITIES.POST.keys()].sort(),
  )
  expect(namedIn((section) => section === 'Kit')).toEqual([...KIT_BODIES.keys()].sort())
})

test.each(
  ROWS.map(({ section, activity, cells }) => [section, activity, cells] as const),
)('%s, %s: fields, effect, answer, and a test that calls it', (_, activity, cells) => {
  const [, fields, , effect, answer, test = ''] = cells
  expect(cells).toHaveLength(COLUMNS.length)
  for (const cell of [fields, effect, answer]) expect(cell).not.toBe('')
  const files = [...test.matchAll(/`([\w-]+\.test\.ts)`/g)].map((match) => match[1]!)
  expect(files).not.toEqual([])
  for (const file of files) {
    const source = readFileSync(new URL(`test/authority/${file}`, ROOT), 'utf8')
    expect([file, /describe|test\(/.test(source)]).toEqual([file, true])
    expect([file, source.includes(activity)]).toEqual([file, true])
  }
})

/** `test/a/{b,c}*.test.ts` is two patterns. */
function patternsOf(token: string): readonly string[] {
  const [whole, alternatives] = /\{([^}]*)\}/.exec(token) ?? []
  if (whole === undefined) return [token]
  return alternatives!.split(',').flatMap((one) => patternsOf(token.replace(whole, one)))
}

test.each(['docs/huawei.md', 'docs/huawei.zh-CN.md'])('every test that %s names is there', (path) => {
  const tokens = [...page(path).matchAll(/`([\w/.{},*-]+\.test\.ts)`/g)].map((match) => match[1]!)
  const missing = tokens.flatMap(patternsOf).filter((pattern) => {
    const form = new RegExp(`(^|/)${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`)
    return !FILES.some((file) => form.test(file))
  })
  expect(missing).toEqual([])
})
