// The only globals of a host that the pure floors may use. Both are pure functions of their input
// and exist in every JavaScript runtime; anything else a host offers is a compile error there.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean })
  decode(bytes: Uint8Array): string
}
