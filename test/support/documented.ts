import { readFileSync } from 'node:fs'

/** A page of the project, by its path from the checkout. */
export const page = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The shell blocks of one section, as they are written there, without remarks; the lines of all of them in order. */
export function shellLines(text: string, section: string): readonly string[] {
  const at = text.indexOf(`\n### ${section}`)
  if (at < 0) throw new Error(`the page has no section "${section}"`)
  const body = text.slice(at + 1).split(/\n##/, 1)[0]!
  return [...body.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap((block) => block[1]!.replace(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/(^|\s+)#.*$/, ''))
    .filter((line) => line !== '')
}

/** The words of a command behind `npx licet`, quotes taken off. */
export function licetWords(line: string): readonly string[] {
  const [npx, licet, ...words] = (line.match(/(?:"[^"]*"|\S)+/g) ?? []).map((word) =>
    word.replaceAll('"', ''),
  )
  if (npx !== 'npx' || licet !== 'licet') throw new Error(`"${line}" is no command of licet`)
  return words
}
