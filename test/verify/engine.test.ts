import { describe, expect, test } from 'vitest'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'
import { keyOf, sha256 } from './kit.ts'

const key = keyOf('engine')
const message = Buffer.from('what is signed')
const signature = key.sign(message)

/** An array that throws when it is looked at. */
const trap = new Proxy(new Uint8Array(64), {
  get() {
    throw new Error('looked at')
  },
})
const detached = new Uint8Array(64)
structuredClone(detached.buffer, { transfer: [detached.buffer] })

const NO_BYTES: readonly unknown[] = [
  undefined,
  null,
  0,
  Number.NaN,
  1n,
  true,
  '',
  'text',
  Symbol('s'),
  {},
  [],
  [...signature],
  () => signature,
  new ArrayBuffer(64),
  new Uint16Array(32),
  new DataView(new ArrayBuffer(64)),
  { length: 64 },
  Object.create(Uint8Array.prototype),
  trap,
  detached,
]

describe.each(ENTRY_NAMES)('The engine %s', (name) => {
  const { engine } = ENTRIES[name]

  test('accepts a good signature, also from a part of a larger buffer', async () => {
    const part = new Uint8Array(200)
    part.set(signature, 77)
    expect(await engine.verify(key.publicKey, message, signature)).toBe(true)
    expect(await engine.verify(key.publicKey, message, part.subarray(77, 141))).toBe(true)
  })

  test('accepts an empty and a long message', async () => {
    for (const length of [0, 1, 100_000]) {
      const long = new Uint8Array(length).fill(7)
      expect(await engine.verify(key.publicKey, long, key.sign(long))).toBe(true)
    }
  })

  test('refuses another message, another key, another signature', async () => {
    const other = keyOf('another engine')
    expect(await engine.verify(key.publicKey, Buffer.from('what is not signed'), signature)).toBe(false)
    expect(await engine.verify(other.publicKey, message, signature)).toBe(false)
    expect(await engine.verify(key.publicKey, message, other.sign(message))).toBe(false)
  })

  test('answers false, and throws nothing, for input of a wrong type', async () => {
    const verify = engine.verify as (...input: readonly unknown[]) => boolean | Promise<boolean>
    for (const thing of NO_BYTES) {
      expect(await verify(thing, message, signature)).toBe(false)
      expect(await verify(key.publicKey, thing, signature)).toBe(false)
      expect(await verify(key.publicKey, message, thing)).toBe(false)
    }
    expect(await verify()).toBe(false)
  })

  test('takes a message as bytes alone, not as what would encode to them', async () => {
    const verify = engine.verify as (...input: readonly unknown[]) => boolean | Promise<boolean>
    const own = new Uint8Array(message)
    for (const alike of [
      message.toString(),
      own.buffer,
      new DataView(own.buffer),
      new Uint16Array(own.buffer),
    ]) {
      expect(await verify(key.publicKey, alike, signature)).toBe(false)
    }
  })

  test('judges what it was given, also when the caller uses the memory again at once', async () => {
    const [publicKey, text, seal] = [key.publicKey, message, signature].map((bytes) => new Uint8Array(bytes))
    const answer = engine.verify(publicKey!, text!, seal!)
    for (const bytes of [publicKey, text, seal]) bytes!.fill(0)
    expect(await answer).toBe(true)
  })

  test('does not confuse keys after a thousand of them', async () => {
    for (let i = 0; i < 1000; i++) {
      const unknown = Uint8Array.from(sha256(Buffer.from(`key ${i}`)), (byte, at) =>
        at === 31 ? byte & 0x3f : byte,
      )
      if (name !== 'tweetnacl') expect(await engine.verify(unknown, message, signature)).toBe(false)
    }
    expect(await engine.verify(key.publicKey, message, signature)).toBe(true)
  })

  test('hashes as SHA-256 does', async () => {
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) % 256)
      expect(Buffer.from(await engine.sha256(bytes)).toString('hex')).toBe(
        Buffer.from(sha256(bytes)).toString('hex'),
      )
    }
  })
})
