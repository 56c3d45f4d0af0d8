/** In characters: every certificate of a long life, several times over. */
const LONGEST_FILE = 128 * 1024

/**
 * The LK1 strings of a certificates file, as they stand there: one behind the other or one a line; lines that begin
 * with `#` say nothing. null when there is none, the file is too long, or something stands before the first.
 * Each is to be read by `readKeyCertificate`.
 */
export function splitCertificates(text: string): readonly string[] | null {
  if (text.length > LONGEST_FILE) return null
  const said = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
  const [before, ...certificates] = said.split(/(?=LK1-)/i).map((part) => part.trim())
  const all = before === '' ? certificates : [before!, ...certificates]
  return all.length > 0 && all.every((one) => /^LK1-/i.test(one)) ? all : null
}
