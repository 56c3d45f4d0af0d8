import { describe, expect, it } from 'vitest'
import { keysOf, machine, seller } from './seller.ts'
import { DAY, START } from './stage.ts'

describe('licet license file', () => {
  it('makes a file that a machine without network or keys judges by the pinned root alone', async () => {
    const made = await seller()
    const root = JSON.stringify(JSON.parse(await keysOf(made)).roots)
    const file = async (name: string, ...more: string[]) => {
      const ran = await made.licet('license', 'file', made.id, ...more, '--out', name)
      expect(ran).toMatchObject({ exit: 0, err: '' })
      return made.files.get(name) as string
    }
    await made.change('extend', '--until', '2028-03-01')
    const good = await file('a.lic', '--statement', '--for', '30', '--list')
    await made.change('freeze')
    const frozen = await file('b.lic', '--list')
    const plain = await file('c.lic')
    const verify = machine({ good, frozen, plain, root }, START + 10 * DAY)
    expect(await verify('good', '--root', 'root')).toEqual({
      exit: 0,
      says: 'active',
      decidedBy: 'statement',
      warnings: ['list_overdue'],
      line: undefined,
    })
    expect(await verify('frozen', '--root', 'root')).toMatchObject({ says: 'frozen', decidedBy: 'list' })
    expect(await verify('plain', '--root', 'root')).toMatchObject({ says: 'active', decidedBy: 'code' })
  })

  it('is one object per line; whose order does not matter, and a broken one is named', async () => {
    const made = await seller()
    const root = JSON.stringify(JSON.parse(await keysOf(made)).roots)
    const { out } = await made.licet('license', 'file', made.id, '--statement', '--list')
    const lines = out.trimEnd().split('\n')
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['LC1', 'LK1', 'LK1', '{"p', 'eyJ', 'eyJ'])
    const broken = lines.map((line, i) => (i === 4 ? line.slice(9) : line))
    const verify = machine({
      root,
      reversed: lines.toReversed().join('\r\n'),
      broken: broken.join('\n'),
      twice: [...lines, lines[5]].join('\n'),
    })
    expect(await verify('reversed', '--root', 'root')).toMatchObject({ exit: 0, says: 'active' })
    expect(await verify('broken', '--root', 'root')).toMatchObject({ exit: 1, says: 'malformed', line: 5 })
    expect(await verify('twice', '--root', 'root')).toMatchObject({ exit: 1, says: 'malformed', line: 7 })
  })

  it('tells a person the number of the broken line', async () => {
    const { files, licet } = await seller()
    files.set('a.lic', `# a file\n${files.get('license.txt')}\n{"payload":1}\n`)
    expect((await licet('verify', 'a.lic')).out).toContain('Line 3 of the license file cannot be read')
  })

  it('is described as one document', async () => {
    const made = await seller()
    const document = (await made.licet('license', 'file', made.id, '--statement', '--list', '--json')).json()
    expect(document).toMatchObject({ id: made.id, status: 'active', listNumber: START })
    expect(document.file).toContain(document.statement)
  })

  it.each([
    ['--for', '3'],
    ['--until', '2027-01-01'],
    ['--fingerprint', 'x'],
  ])('refuses %s without --statement', async (option, value) => {
    const made = await seller()
    const { exit, err } = await made.licet('license', 'file', made.id, option, value)
    expect(exit).toBe(2)
    expect(err).toContain('--statement')
  })
})
