/** Every bound of an input of this floor, refused before any cryptography (contract 1, "Sizes"). */

/** A license text, in bytes of UTF-8. */
export const LICENSE_TEXT_BYTES = 8 * 1024
/** Key certificates in one license text. */
export const CERTIFICATES_PER_TEXT = 16
/** A statement as a compact JWT, in characters. */
export const STATEMENT_CHARACTERS = 16 * 1024
/** A revocation list as a compact JWT, in characters. */
export const LIST_CHARACTERS = 4 * 1024 * 1024
/** One root manifest as JSON, in bytes of UTF-8. */
export const MANIFEST_BYTES = 64 * 1024
/** Root manifests in one chain. */
export const MANIFESTS_PER_CHAIN = 64
/** Trust as one text, in characters: twice a whole chain of the largest manifests, since some are older or repeated. */
export const TRUST_CHARACTERS = 8 * 1024 * 1024
/** Headers at hand, by kid and kind of object. */
export const REMEMBERED_HEADS = 64
/** Certificates remembered per trust: years of rotations, and a bound against made-up ones. */
export const REMEMBERED_CERTIFICATES = 256
/** Distinct inputs of trust remembered; programs pin one or two. */
export const REMEMBERED_INPUTS = 16
/** Key certificates at hand for one verification, from wherever they come beside the license text. */
export const CERTIFICATES_AT_HAND = 64
/** A license file, in characters: a list, a whole chain of manifests, and room for the rest. */
export const LICENSE_FILE_CHARACTERS = LIST_CHARACTERS + (MANIFESTS_PER_CHAIN + 16) * MANIFEST_BYTES
/** A device fingerprint, in bytes of UTF-8 (contract 1.1). */
export const FINGERPRINT_BYTES = 5_120
/** What is hashed of a device: `LC1 bind`, a zero and the fingerprint. */
export const DEVICE_BYTES = 5_129
/** Arrays and objects inside one another, in the JSON of a signed object. */
export const SIGNED_JSON_DEPTH = 16
/** 9999-12-31T23:59:59Z, the last second that four digits of a year can write. */
export const LAST_SECOND = 253_402_300_799
