import { describe, expect, it } from 'vitest'
import { askSecret, type SecretInput } from '../../src/runtime/ask-secret.ts'

/** A terminal at which somebody types the chunks. */
function terminal(...chunks: readonly (string | Buffer)[]) {
  const raw: boolean[] = []
  const ahead: Buffer[] = []
  const listeners = new Map<string, (chunk: Buffer) => void>()
  const input: SecretInput = {
    isTTY: true,
    setRawMode: (on) => raw.push(on),
    on: (event, listener) => listeners.set(event, listener),
    off: (event) => listeners.delete(event),
    resume: () =>
      queueMicrotask(() => {
        for (const chunk of chunks) listeners.get('data')?.(Buffer.from(chunk))
        listeners.get('end')?.(Buffer.alloc(0))
      }),
    pause: () => undefined,
    unshift: (chunk) => ahead.push(chunk),
  }
  const shown: string[] = []
  return { raw, ahead, shown, ask: () => askSecret(input, (text) => shown.push(text), 'Passphrase: ') }
}

describe('a secret asked for at the terminal', () => {
  it.each([
    ['ends with Enter', ['eight words\r'], 'eight words'],
    ['ends with a line feed', ['eight words\n'], 'eight words'],
    ['ends with Control-D', ['eight words\u0004'], 'eight words'],
    ['comes key by key', [...'eight', '\r'], 'eight'],
    ['may be empty', ['\r'], ''],
    ['may hold any letter', ['caf\u00e9 \u8bb8\u53ef\r'], 'caf\u00e9 \u8bb8\u53ef'],
    ['may come in halves of a letter', [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0d])], '\u00e9'],
    ['can be corrected', ['eighth\u007f\r'], 'eight'],
    ['can be corrected letter by letter', ['a\u8bb8\u53ef\u007f\u0008b\r'], 'ab'],
    ['can be corrected beyond its beginning', ['\u007f\u007fa\r'], 'a'],
    ['can be begun again', ['wrong\u0015right\r'], 'right'],
  ])('%s', async (_, chunks, answer) => {
    const { ask, shown, raw } = terminal(...chunks)
    expect(await ask()).toBe(answer)
    expect(shown).toEqual(['Passphrase: ', '\n'])
    expect(raw).toEqual([true, false])
  })

  it('leaves what was pasted behind it to the next question', async () => {
    const { ask, ahead } = terminal('first\rsecond\r')
    expect(await ask()).toBe('first')
    expect(Buffer.concat(ahead).toString()).toBe('second\r')
  })

  it.each([
    ['Control-C', 'eight\u0003'],
    ['a terminal that goes away', 'eight'],
  ])('is given up on %s, and the terminal is as it was', async (_, typed) => {
    const { ask, raw, shown } = terminal(typed)
    expect(await ask()).toBe('interrupted')
    expect(raw).toEqual([true, false])
    expect(shown.join('')).not.toContain('eight')
  })

  it('is not asked for where there is no terminal', async () => {
    const { ask, shown } = terminal('eight\r')
    const pipe = { ...terminal(), isTTY: false }
    expect(await askSecret(pipe as unknown as SecretInput, () => shown.push('x'), 'Passphrase: ')).toBeNull()
    expect(shown).toEqual([])
    expect(await ask()).toBe('eight')
  })
})
