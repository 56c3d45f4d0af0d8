/** First and last code points of two columns: wide and full-width characters of Unicode's EastAsianWidth. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
]

/** Marks that stand over another character, and characters that are not seen. */
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/** Columns a text takes in a terminal. Emoji made of several characters may take fewer. */
export function columns(text: string): number {
  let total = 0
  for (const character of text) total += columnsOf(character)
  return total
}

function columnsOf(character: string): 0 | 1 | 2 {
  const point = character.codePointAt(0)!
  if (point < 0x300) return point === 0xad ? 0 : 1
  if (NO_COLUMN.test(character)) return 0
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1
}
