import { describe, expect, it } from 'vitest'
import { type Ceremony, ceremony, requestFile } from './ceremony.ts'

const certify = (one: Ceremony, ...more: string[]) =>
  one.licet('root', 'certify', 'requests.txt', '--manifest', 'root/root-manifest.json', ...more)

async function withRequest(text = requestFile()): Promise<Ceremony> {
  const one = await ceremony()
  one.files.set('requests.txt', text)
  return one
}

describe('licet root certify refuses, and signs nothing:', () => {
  it.each([
    [
      'a typing error',
      (text: string) =>
        text.replace(/^(08 {2}...)./m, (_, kept) => `${kept}${text.includes(`${kept}7`) ? '9' : '7'}`),
      'line 08 has a typing error',
    ],
    ['a truncated key file', (text: string) => text.slice(0, -80), 'line 10'],
    ['a key file of another program', () => '-----BEGIN PRIVATE KEY-----', 'line 01'],
    [
      'two lines that changed places',
      (text: string) => text.replace(/(03 .*)\n(04 .*)/, '$2\n$1'),
      'where line 03 should',
    ],
  ])('%s in the key file, by its line', async (_, spoil, sentence) => {
    const one = await withRequest()
    const path = `root/root-${one.kids[0]}.key`
    one.files.set(path, spoil(one.text(path)))
    const { exit, err } = await certify(one, ...one.sign(0), '--out', 'c.txt')
    expect({ exit, written: one.files.has('c.txt') }).toEqual({ exit: 2, written: false })
    expect(err).toContain(sentence)
  })
})
