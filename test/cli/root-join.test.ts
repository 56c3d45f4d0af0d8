import { describe, expect, it } from 'vitest'
import { type Ceremony, ceremony } from './ceremony.ts'

const CHAIN = ['--manifest', 'root/root-manifest.json']
const rotate = (one: Ceremony, ...more: string[]) =>
  one.licet('root', 'rotate', ...CHAIN, '--out', 'draft.json', ...more)
const sign = (one: Ceremony, draft: string, out: string, ...more: string[]) =>
  one.licet('root', 'sign', draft, ...CHAIN, '--out', out, ...more)
const verify = (one: Ceremony, file: string) => one.licet('root', 'verify', file, ...CHAIN)

describe('licet root sign, of several drafts', () => {
  /** The draft signed by the first officer and, apart from that, by the second. */
  const apart = async (one: Ceremony) => {
    await rotate(one, '--threshold', '1')
    await sign(one, 'draft.json', 'a.json', ...one.sign(0))
    await sign(one, 'draft.json', 'b.json', ...one.sign(1))
  }

  it('joins what two officers signed apart, without a key', async () => {
    const one = await ceremony()
    await apart(one)
    for (const half of ['a.json', 'b.json']) expect((await verify(one, half)).exit).toBe(1)
    const ran = await one.licet('root', 'sign', 'a.json', 'b.json', ...CHAIN, '--out', 'two.json', '--json')
    expect(ran.json()).toMatchObject({ complete: true, version: 2 })
    expect(ran.json().notes[0]).toBe('the signatures of 2 drafts are joined')
    expect(ran.json().files.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['a.json', 'b.json', 'two.json']),
    )
    expect((await verify(one, 'two.json')).exit).toBe(0)
    expect(JSON.parse(one.text('two.json')).signatures).toHaveLength(2)
  })

  it('joins, and adds the signature of a further officer; what stands in both counts once', async () => {
    const one = await ceremony()
    await rotate(one, '--threshold', '3', ...one.sign(0))
    await sign(one, 'draft.json', 'b.json', ...one.sign(1))
    const both = ['root', 'sign', 'draft.json', 'b.json', ...CHAIN, '--out', 'two.json']
    const dry = await one.licet(...both, '--dry-run')
    expect(dry.out).toContain('Nobody would sign. Nothing was signed.')
    const ran = await one.licet(...both, ...one.sign(2), '--json')
    expect(ran.json()).toMatchObject({ complete: true })
    expect(JSON.parse(one.text('two.json')).signatures).toHaveLength(3)
  })

  it.each([
    ['drafts of different content', 'other.json', 1, 'are drafts of different content'],
    ['a draft and a file that is none', '0.txt', 2, '0.txt is no root manifest'],
  ])('does not join %s', async (_, other, exit, sentence) => {
    const one = await ceremony()
    await apart(one)
    await one.licet('root', 'rotate', ...CHAIN, '--threshold', '3', '--out', 'other.json')
    const ran = await one.licet('root', 'sign', 'a.json', other, ...CHAIN, '--out', 'two.json')
    expect({ exit: ran.exit, written: one.files.has('two.json') }).toEqual({ exit, written: false })
    expect(ran.err).toContain(sentence)
  })
})
