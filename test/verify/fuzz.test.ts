import { describe, expect, test } from 'vitest'
import { ENTRIES, ENTRY_NAMES, type EntryName } from './engines.ts'
import { keyOf } from './kit.ts'

/** `LICET_FUZZ` raises the count for node:crypto; the others stay at what fits into every run. */
const COUNT = 20_000
const countFor = (name: EntryName): number =>
  name === 'node:crypto' ? Number(process.env.LICET_FUZZ ?? COUNT) : COUNT

/** Of this many triples one is well-formed and reaches the library, which takes milliseconds in tweetnacl. */
const WELL_FORMED_IN: Record<EntryName, number> = { 'node:crypto': 4, WebCrypto: 4, tweetnacl: 100 }

/** A small generator (xorshift32): the run with the same number makes the same triples. */
function randomFrom(seed: number) {
  let state = seed
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  return {
    below: (n: number): number => next() % n,
    bytes: (length: number): Uint8Array => Uint8Array.from({ length }, () => next() & 255),
  }
}

type Random = ReturnType<typeof randomFrom>

const SIGNERS = [0, 1, 2, 3].map((i) => keyOf(`fuzz ${i}`))
const LENGTHS = [0, 1, 16, 31, 32, 33, 63, 64, 65, 100]

/** Anything but bytes of the right length; now and then no bytes at all. */
function strange(random: Random): unknown {
  if (random.below(4) > 0) return random.bytes(LENGTHS[random.below(LENGTHS.length)]!)
  return [null, undefined, 5, 'x'.repeat(64), {}, [1, 2], new Float64Array(8)][random.below(7)]
}

function strangeTriple(random: Random): readonly [unknown, unknown, unknown] {
  return [strange(random), strange(random), strange(random)]
}

/** Right lengths, S below L, a real key: the library has to judge it. Right only when nothing was changed. */
function wellFormedTriple(random: Random): readonly [Uint8Array, Uint8Array, Uint8Array, boolean] {
  const signer = SIGNERS[random.below(SIGNERS.length)]!
  const message = random.bytes(random.below(80))
  const signature = signer.sign(message)
  const change = random.below(3)
  if (change === 1) signature[random.below(31)]! ^= 1 << random.below(8)
  if (change === 2) signature[32 + random.below(31)]! ^= 1 << random.below(8)
  return [signer.publicKey, message, signature, change === 0]
}

describe.each(ENTRY_NAMES)('Random triples through %s', (name) => {
  const verify = ENTRIES[name].engine.verify as (...triple: readonly unknown[]) => boolean | Promise<boolean>

  test(`throw nothing and are accepted only when signed (${countFor(name)})`, {
    timeout: 600_000,
  }, async () => {
    const random = randomFrom(20261121)
    const wrong: unknown[] = []
    for (let i = 0; i < countFor(name); i++) {
      if (i % WELL_FORMED_IN[name] === 0) {
        const [publicKey, message, signature, signed] = wellFormedTriple(random)
        if ((await verify(publicKey, message, signature)) !== signed)
          wrong.push([publicKey, message, signature])
      } else {
        const triple = strangeTriple(random)
        if ((await verify(...triple)) !== false) wrong.push(triple)
      }
    }
    expect(wrong).toEqual([])
  })
})
