/**
 * When this version was made, Unix seconds; a clock before it is wrong. A constant that every release raises:
 * file times do not survive packing.
 */
export const BUILT_AT = Date.UTC(2026, 10, 21) / 1000
