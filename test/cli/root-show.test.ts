import { describe, expect, it } from 'vitest'
import { newKey } from '../authority/ceremony/kit.ts'
import { certificateText } from '../verify/kit.ts'
import { ceremony, requestFile } from './ceremony.ts'

describe('licet root show', () => {
  it('says what each file of a ceremony is', async () => {
    const key = newKey()
    const one = await ceremony()
    one.files.set('requests.txt', requestFile(key))
    one.files.set('certificates.txt', `# a remark\n${certificateText()}\n`)
    const show = async (file: string) => (await one.licet('root', 'show', file, '--json')).json()
    expect(await show('root/root-manifest.json')).toMatchObject({
      kind: 'manifests',
      items: [{ version: 1 }],
    })
    expect(await show(`root/root-${one.kids[1]}.key`)).toMatchObject({
      kind: 'sealed_key',
      purpose: 'root',
      kid: one.kids[1],
      scrypt: { n: 16, r: 8, p: 1 },
    })
    expect(await show('requests.txt')).toMatchObject({
      kind: 'requests',
      items: [{ kid: key.kid, usage: 'codes' }],
    })
    expect(await show('certificates.txt')).toMatchObject({
      kind: 'certificates',
      items: [{ usages: ['codes'] }],
    })
  })

  it.each([
    ['root/root-manifest.json', /root manifest {2}version 1[\s\S]*2 of 3 keys must sign/],
    ['KEY', /sealed key {3}root key[\s\S]*every line is whole/],
    ['requests.txt', /may sign {6}codes/],
    ['certificates.txt', /certificate for key[\s\S]*any, perpetual included/],
  ])('tells a person of %s', async (file, words) => {
    const one = await ceremony()
    one.files.set('requests.txt', requestFile())
    one.files.set('certificates.txt', certificateText())
    const { exit, out } = await one.licet('root', 'show', file.replace('KEY', `root/root-${one.kids[0]}.key`))
    expect(exit).toBe(0)
    expect(out).toMatch(words)
  })

  it('reads a key that was typed back from paper', async () => {
    const one = await ceremony()
    const typed = one
      .text(`root/root-${one.kids[0]}.key`)
      .replace(/^#.*\n/gm, '')
      .toLowerCase()
      .replaceAll('0', 'o')
      .replaceAll('1', 'l')
    one.files.set('typed.txt', typed)
    expect((await one.licet('root', 'show', 'typed.txt', '--json')).json()).toMatchObject({
      kid: one.kids[0],
    })
  })

  it('does not let a file steer the terminal', async () => {
    const one = await ceremony()
    one.files.set('requests.txt', requestFile(newKey(), { issuer: 'https://evil\u001b[2J\u202e' }))
    const { exit, out } = await one.licet('root', 'show', 'requests.txt')
    expect(exit).toBe(0)
    for (const character of ['\u001b', '\u202e']) expect(out).not.toContain(character)
  })

  it.each([
    ['nothing', '', 'is nothing of a ceremony'],
    ['remarks alone', '# licet\n', 'is nothing of a ceremony'],
    ['some text', 'licet', 'is nothing of a ceremony'],
    ['JSON that is no manifest', '{"version":1}', 'is JSON, but no root manifest'],
    ['an empty list', '[]', 'is JSON, but no root manifest'],
    ['a manifest that is cut', '{"payload":"e30', 'is no JSON'],
    ['a certificate that is cut', certificateText().slice(0, 60), 'Certificate 1 of file is malformed'],
    [
      'a mistyped certificate',
      `${certificateText()}\n${certificateText().replace(/.$/, (s) => (s === 'X' ? 'Y' : 'X'))}`,
      'Certificate 2 of file is mistyped',
    ],
    ['a key of one line', '01  040H-2201-54FY-JE2R-72XTC', 'line 02 is missing'],
    ['a request that is cut', 'eyJhbGciOiJFZERTQSJ9.e30', 'Line 1 of file is no certification request'],
    ['bytes', Uint8Array.of(0xff, 0xfe, 0), 'is not text in UTF-8'],
  ])('has a sentence for %s', async (_, text, sentence) => {
    const one = await ceremony()
    one.files.set('file', text)
    const { exit, out, err } = await one.licet('root', 'show', 'file')
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain(sentence)
  })
})

describe('licet root verify', () => {
  it('judges all files and ends with 1 when one does not hold', async () => {
    const one = await ceremony()
    one.files.set('requests.txt', requestFile())
    one.files.set('cut.txt', requestFile().slice(0, -40))
    const good = await one.licet(
      'root',
      'verify',
      'requests.txt',
      `root/root-${one.kids[0]}.key`,
      'root/root-manifest.json',
    )
    expect(good).toMatchObject({ exit: 0, err: '' })
    const mixed = await one.licet('root', 'verify', 'cut.txt', 'requests.txt', '--json')
    expect(mixed.exit).toBe(1)
    expect(mixed.json()).toMatchObject({
      holds: false,
      items: [
        { file: 'cut.txt', holds: false },
        { file: 'requests.txt', holds: true },
      ],
    })
  })

  it.each([
    ['a certificate of another root', 'other.txt', 'the chain does not know the root key that signed it'],
    ['a certificate beside no chain', 'ALONE', 'certificates stand under a root'],
    ['a key of another root', 'other.key', 'no say under root manifest version 1'],
    ['a manifest nobody signed', 'unsigned.json', '0 of 2 have signed'],
    ['a manifest of another root', 'other.json', 'does not follow from the chain'],
    ['something else', 'text', 'is nothing of a ceremony'],
  ])('says no to %s', async (_, file, sentence) => {
    const one = await ceremony()
    const other = await ceremony()
    one.files.set('other.txt', certificateText())
    one.files.set('other.key', other.text(`root/root-${other.kids[0]}.key`))
    one.files.set('other.json', other.text('root/root-manifest.json'))
    one.files.set(
      'unsigned.json',
      one.text('root/root-manifest.json').replace(/"signatures":\[.*\]/, '"signatures":[]'),
    )
    one.files.set('text', 'licet')
    const chain = ['--manifest', 'root/root-manifest.json']
    const { exit, out } = await one.licet(
      'root',
      'verify',
      ...(file === 'ALONE' ? ['other.txt'] : [file, ...chain]),
    )
    expect(exit).toBe(1)
    expect(out).toContain('DOES NOT HOLD')
    expect(out).toContain(sentence)
  })
})
