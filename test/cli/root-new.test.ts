import { describe, expect, it } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { ceremony, made, PASSPHRASES } from './ceremony.ts'
import { emptyStage } from './stage.ts'

const asked = (out: string, k: number, n: number) => [
  'root',
  'new',
  '--threshold',
  `${k}`,
  '--keys',
  `${n}`,
  '--out',
  out,
]

describe('licet root new', () => {
  it('makes sealed keys, a manifest that all of them signed, and a transcript, and nothing else', async () => {
    const { files, kids, licet, text } = await ceremony()
    const names = [
      ...kids.map((kid) => `root/root-${kid}.key`),
      'root/root-manifest.json',
      'root/transcript.txt',
    ]
    expect([...files.keys()].filter((name) => name.startsWith('root/'))).toEqual(names)
    const [manifest] = (await licet('root', 'show', 'root/root-manifest.json', '--json')).json().items
    expect(manifest).toMatchObject({ version: 1, threshold: 2, revoked: [], signatures: kids })
    expect((await licet('root', 'verify', 'root/root-manifest.json')).exit).toBe(0)
    const transcript = text('root/transcript.txt')
    for (const said of [
      '2 of 3 keys must sign',
      `by ${kids.join(', ')}`,
      '2026-03-01T00:00:00Z',
      'support',
      'licet 1.2.3',
    ])
      expect(transcript).toContain(said)
  })

  it('writes into the transcript what sha256sum says of each file', async () => {
    const { files, kids, text } = await ceremony()
    for (const name of [...kids.map((kid) => `root-${kid}.key`), 'root-manifest.json']) {
      const digest = Buffer.from(
        nodeCrypto.sha256(Buffer.from(files.get(`root/${name}`) as string)),
      ).toString('hex')
      expect(text('root/transcript.txt')).toContain(`${digest}  ${name}`)
    }
  })

  it('can be given to init', async () => {
    const { files } = await ceremony()
    const server = emptyStage()
    server.files.set('root-manifest.json', files.get('root/root-manifest.json')!)
    expect((await server.licet('init', '--root', 'root-manifest.json')).exit).toBe(0)
  })

  it('asks at the terminal, twice for each key, and shows nothing', async () => {
    const answers = [
      'one passphrase',
      'one passphrase',
      'another passphrase',
      'a typing error',
      'another passphrase',
      'another passphrase',
    ]
    const questions: string[] = []
    const { licet } = emptyStage({
      askSecret: async (question) => {
        questions.push(question)
        return answers.shift() ?? null
      },
    })
    const { exit, out, err } = await licet(...asked('r', 1, 2))
    expect({ exit, left: answers.length, asked: questions.length }).toEqual({ exit: 0, left: 0, asked: 6 })
    expect(questions[0]).toMatch(/^New passphrase for root key [0-9a-f]{8} \(1 of 2\): $/)
    expect(err).toBe('The two differ; try again.\n')
    expect(out).not.toMatch(/one passphrase|another passphrase/)
  })

  it.each([
    [1, 1, ['fewer than three keys', 'one key alone can sign', 'every key is needed']],
    [2, 2, ['fewer than three keys', 'every key is needed']],
    [1, 3, ['one key alone can sign']],
    [3, 3, ['every key is needed']],
    [2, 3, []],
  ])('%i of %i is made, with advice where experience says otherwise', async (k, n, expected) => {
    const stage = emptyStage()
    for (const [i, passphrase] of PASSPHRASES.entries()) stage.files.set(`${i}.txt`, passphrase)
    const { notes, transcript } = (await made(stage, 'r', k, n)).json()
    expect(notes).toHaveLength(expected.length)
    for (const [i, words] of expected.entries()) {
      expect(notes[i]).toContain(words)
      expect(transcript).toContain(words)
    }
  })

  it('notes it when two keys have one passphrase', async () => {
    const stage = emptyStage()
    for (const i of [0, 1, 2]) stage.files.set(`${i}.txt`, 'the same words')
    expect((await made(stage, 'r', 2, 3)).json().notes).toEqual([
      'two keys have the same passphrase: who learns one opens both',
    ])
  })

  it('makes nothing in a dry run, and asks nothing', async () => {
    const { licet, files } = emptyStage({ askSecret: () => Promise.reject(new Error('asked')) })
    const { exit, out } = await licet(...asked('r', 1, 2), '--dry-run')
    expect(exit).toBe(0)
    expect(out).toContain('Would make 2 root keys, of which 1 must sign')
    expect(out).toContain('Note: fewer than three keys')
    expect(files.size).toBe(0)
  })
})

describe('licet root new refuses, and leaves nothing behind,', () => {
  it.each([
    ['a threshold above the number of keys', [], 3, 2, 'can never reach a threshold of 3'],
    ['fewer passphrase files than keys', ['0.txt'], 1, 2, 'one --passphrase-file for each key'],
    [
      'more passphrase files than keys',
      ['0.txt', '1.txt', '2.txt'],
      1,
      2,
      'one --passphrase-file for each key',
    ],
    ['a passphrase file that is not there', ['0.txt', 'gone.txt'], 1, 2, 'gone.txt cannot be read'],
    ['an empty passphrase', ['0.txt', 'empty.txt'], 1, 2, 'The first line of empty.txt is empty'],
    ['a passphrase of blanks', ['0.txt', 'blank.txt'], 1, 2, 'The first line of blank.txt is empty'],
    [
      'a passphrase of seven characters',
      ['0.txt', 'short.txt'],
      1,
      2,
      'short.txt has fewer than 8 characters',
    ],
    ['a passphrase nobody can be asked for', [], 1, 2, 'There is no terminal'],
  ])('%s', async (_, passphraseFiles, k, n, sentence) => {
    const { licet, files } = emptyStage()
    for (const [i, passphrase] of PASSPHRASES.entries()) files.set(`${i}.txt`, passphrase)
    files.set('empty.txt', '\nsecond line is not read')
    files.set('blank.txt', '   \t\n')
    files.set('short.txt', '1234567')
    const before = files.size
    const { exit, out, err } = await licet(
      ...asked('r', k, n),
      ...passphraseFiles.flatMap((f) => ['--passphrase-file', f]),
    )
    expect({ exit, out, made: files.size - before }).toEqual({ exit: 2, out: '', made: 0 })
    expect(err).toContain(sentence)
    expect(err).not.toContain('1234567')
  })

  it.each([
    ['0', '1'],
    ['1', '0'],
    ['1', '17'],
    ['x', '3'],
    ['1.5', '3'],
    ['-1', '3'],
  ])('a root of %s of %s', async (k, n) => {
    const { licet, files } = emptyStage()
    expect((await licet('root', 'new', `--threshold=${k}`, `--keys=${n}`, '--out', 'r')).exit).toBe(2)
    expect(files.size).toBe(0)
  })

  it('a directory that exists, before anybody types a passphrase', async () => {
    const { licet, files } = emptyStage({ askSecret: () => Promise.reject(new Error('asked')) })
    files.set('r/notes.txt', 'here before')
    for (const more of [[], ['--dry-run']]) {
      const { exit, err } = await licet(...asked('r', 1, 2), ...more)
      expect(exit).toBe(2)
      expect(err).toContain('exists already')
    }
    expect([...files.keys()]).toEqual(['r/notes.txt'])
  })

  it('somebody who never types the same twice', async () => {
    let typed = 0
    const { licet, files } = emptyStage({ askSecret: async () => `passphrase number ${typed++}` })
    const { exit, err } = await licet(...asked('r', 1, 1))
    expect({ exit, typed, made: files.size }).toEqual({ exit: 2, typed: 6, made: 0 })
    expect(err).toContain('No passphrase was typed twice alike; nothing was made.')
    expect(err).not.toContain('passphrase number')
  })
})
