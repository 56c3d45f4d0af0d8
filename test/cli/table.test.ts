import { describe, expect, it } from 'vitest'
import { printable } from '../../src/cli/output.ts'
import { sheet, table } from '../../src/cli/table.ts'
import { columns } from '../../src/cli/width.ts'

describe('the width of a text in a terminal', () => {
  it.each([
    ['nothing', '', 0],
    ['Latin', 'CAD Pro', 7],
    ['Chinese', '专业版', 6],
    ['Japanese kana', 'ソフト', 6],
    ['Korean', '한글', 4],
    ['full-width letters', 'ＣＡＤ', 6],
    ['half-width kana', 'ｿﾌﾄ', 3],
    ['full-width punctuation', '，。', 4],
    ['a character beyond the basic plane', '𠮷', 2],
    ['an emoji', '🔑', 2],
    ['an accent that stands alone in the text', 'e\u0301', 1],
    ['a zero-width space', 'a\u200bb', 2],
    ['a soft hyphen', 'a\u00adb', 2],
    ['accented letters', 'é', 1],
  ])('of %s', (_, text, width) => expect(columns(text)).toBe(width))
})

describe('a table', () => {
  it('keeps its columns straight under Chinese and Latin cells', () => {
    const text = table(
      ['NAME', 'SEATS', 'NOTE'],
      [
        ['专业版', '5', 'a'],
        ['Standard', '100', ''],
      ],
    )
    expect(text).toBe(['NAME      SEATS  NOTE', '专业版    5      a', 'Standard  100'].join('\n'))
  })

  it('has no row that a line break in a cell could fake', () => {
    expect(table(['ID', 'NAME'], [['1', 'a\nfaked  row']])).toBe('ID  NAME\n1   a faked row')
  })

  it('is its headings when there are no rows', () => expect(table(['A', 'B'], [])).toBe('A  B'))
})

describe('a sheet', () => {
  it('leaves out what is not there and keeps the values straight', () => {
    const entries = [
      ['id', '1'],
      ['order', null],
      ['客户', 'x'],
    ] as const
    expect(sheet(entries)).toBe('id    1\n客户  x')
  })

  it('is empty when nothing is there', () => expect(sheet([['order', null]])).toBe(''))
})

describe('what goes to a terminal', () => {
  it.each([
    ['an escape sequence', 'a\u001b[2Jb', 'a\ufffd[2Jb'],
    ['a carriage return', 'real\rfake', 'real\ufffdfake'],
    ['a C1 control', 'a\u009bb', 'a\ufffdb'],
    ['a turn of the direction of writing', 'a\u202eb', 'a\ufffdb'],
  ])('has no %s', (_, text, shown) => expect(printable(text)).toBe(shown))

  it('keeps its lines and its Chinese', () => expect(printable('一\n二')).toBe('一\n二'))
})
