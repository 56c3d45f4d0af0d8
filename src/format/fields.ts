import { fromHex } from './bytes.ts'

/** Big-endian fields of fixed width. A value that does not fit is a bug of the caller: RangeError. */

export function putUint(view: DataView, at: number, width: 1 | 2 | 3 | 4, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) {
    throw new RangeError(`${name} must be an integer of ${8 * width} bits, not ${value}`)
  }
  for (let i = 0; i < width; i++) view.setUint8(at + i, Math.floor(value / 2 ** (8 * (width - 1 - i))) % 256)
}

export function putHex(target: Uint8Array, at: number, width: number, name: string, text: string): void {
  const bytes = fromHex(text)
  if (bytes?.length !== width) throw new RangeError(`${name} must be ${2 * width} lower-case hex digits`)
  target.set(bytes, at)
}

export function putBytes(
  target: Uint8Array,
  at: number,
  width: number,
  name: string,
  bytes: Uint8Array,
): void {
  if (bytes.length !== width) throw new RangeError(`${name} must be ${width} bytes, not ${bytes.length}`)
  target.set(bytes, at)
}

/** The number in `width` bytes from `at` on, big endian. */
export const uint = (bytes: Uint8Array, at: number, width: number): number => {
  let value = 0
  for (let i = at; i < at + width; i++) value = value * 256 + bytes[i]!
  return value
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
