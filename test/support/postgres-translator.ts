import { connect, createServer } from 'node:net'

/** German, of the same length, so that no message changes its own. */
const WORDS = [
  ['SERROR', 'SFEHLR'],
  ['SWARNING', 'SWARNUNG'],
] as const

/**
 * A way to a PostgreSQL server that makes it one of another language (`lc_messages`): the severity that people read is
 * translated, the codes are not.
 */
export async function translated(url: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1')
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => near.write(inOtherWords(bytes)))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const there = new URL(url)
  there.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return { url: there.href, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

function inOtherWords(bytes: Buffer): Buffer {
  let text = bytes.toString('latin1')
  for (const [word, other] of WORDS) text = text.replaceAll(`${word}\0V`, `${other}\0V`)
  return Buffer.from(text, 'latin1')
}
