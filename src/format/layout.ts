/**
 * Numbers of the byte formats. They stand in a file without imports, as those of `limits.ts` do, because a bundler
 * writes a number in place of its name only from such a file.
 */

/** Length of an Ed25519 public key, in bytes. */
export const PUBLIC_KEY_BYTES = 32
/** Length of an Ed25519 signature, in bytes. */
export const SIGNATURE_BYTES = 64
/** Body sizes, in bytes. */
export const PLAIN_CODE_BYTES = 36
export const BOUND_CODE_BYTES = 46
export const BINDING_BYTES = 10
export const CERTIFICATE_BYTES = 56
/** `LC1` or `LK1`, in bytes and in symbols. */
export const PREFIX_LENGTH = 3
/** The prefixes in ASCII, as numbers. */
export const LC1 = 0x4c4331
export const LK1 = 0x4c4b31
/** Prefix, symbols and check symbols of each object, in letters. */
export const PLAIN_CODE_LETTERS = 168
export const BOUND_CODE_LETTERS = 184
export const CERTIFICATE_LETTERS = 200
/** Symbols that guard against typing errors. */
export const CHECK_SYMBOLS = 5
/** What an object has beside the symbols of its data: the prefix and the check symbols. */
export const LETTERS_BESIDE = 8
/** The place in an alphabet of what is no part of it. */
export const FOREIGN = 255
/** The dash, in ASCII. */
export const DASH = 0x2d
/** The layout that is read and written of codes and certificates. */
export const VERSION = 1
/** Flags of a license code. */
export const TRIAL = 1
export const BOUND = 2
/** The end of a perpetual license, and the last that can be said of another. */
export const PERPETUAL = 0xffffffff
export const LAST_END = 0xfffffffe
/** Usage bits of a key certificate. */
export const CODES = 1
export const STATEMENTS = 2
export const LISTS = 4
export const CHECKPOINTS = 8
export const SECONDS_PER_DAY = 86_400
export const SECONDS_PER_MONTH = 31 * 86_400
