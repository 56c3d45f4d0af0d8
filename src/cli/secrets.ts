import { type KeyFileRefusal, type OpenedKeyFile, openKey } from '../authority/ceremony/root-key.ts'
import type { SealedKeyFault, SealedPurpose } from '../format/sealed-key.ts'
import { readFirstLine, readText } from './files.ts'
import { type Shell, Unreadable } from './shell.ts'

/** Passphrases: typed at the terminal or read from a file, never an argument, never in the environment. */

const SHORTEST = 8
const TRIES = 3

/**
 * The file with the passphrase of each key, in order, or none for all of them. Throws `Unreadable` when there are
 * files, but not one for each.
 */
export function passphraseFilesFor(count: number, files: readonly string[]): readonly (string | null)[] {
  if (files.length === 0) return Array.from({ length: count }, () => null)
  if (files.length === count) return files
  throw new Unreadable(
    `There are ${count} keys and ${files.length} passphrase files: give one --passphrase-file for each key, in the same order, or none to be asked.`,
  )
}

/** A passphrase for something new. Throws `Unreadable` when it is too short, or there is nobody to ask. */
export async function newPassphrase(shell: Shell, what: string, file: string | null): Promise<string> {
  if (file !== null) return longEnough(await readFirstLine(shell, file), `The first line of ${file}`)
  for (let tries = 0; tries < TRIES; tries++) {
    const first = longEnough(await asked(shell, `New passphrase for ${what}: `), 'The passphrase')
    if (first === (await asked(shell, 'The same once more: '))) return first
    shell.err('The two differ; try again.\n')
  }
  throw new Unreadable('No passphrase was typed twice alike; nothing was made.')
}

/**
 * Opens a sealed key file, asking for its passphrase where no file has it. Throws `Unreadable` with what is wrong:
 * the line of a typing error, another kind of key, a wrong passphrase.
 */
export async function openKeyFile(
  shell: Shell,
  path: string,
  purpose: SealedPurpose,
  passphraseFile: string | null,
): Promise<OpenedKeyFile> {
  const text = await readText(shell, path)
  for (let tries = 1; ; tries++) {
    const passphrase = await existingPassphrase(shell, path, passphraseFile)
    const opened = await openKey(shell.passphrases, shell.crypto, passphrase, text, purpose)
    if (opened.ok) return opened.value
    const sentence = keyFileSentence(path, opened.no)
    if (opened.no.reason !== 'wrong_passphrase' || passphraseFile !== null || tries === TRIES)
      throw new Unreadable(sentence)
    shell.err(`${sentence}\n`)
  }
}

async function existingPassphrase(shell: Shell, path: string, file: string | null): Promise<string> {
  if (file === null) return notEmpty(await asked(shell, `Passphrase of ${path}: `), 'The passphrase')
  return notEmpty(await readFirstLine(shell, file), `The first line of ${file}`)
}

async function asked(shell: Shell, question: string): Promise<string> {
  const answer = await shell.askSecret(question)
  if (answer !== null) return answer.trim()
  throw new Unreadable(
    'There is no terminal to ask for a passphrase at; give --passphrase-file FILE for each key.',
  )
}

function notEmpty(passphrase: string, where: string): string {
  if (passphrase === '') throw new Unreadable(`${where} is empty.`)
  return passphrase
}

function longEnough(passphrase: string, where: string): string {
  notEmpty(passphrase, where)
  if ([...passphrase].length >= SHORTEST) return passphrase
  throw new Unreadable(`${where} has fewer than ${SHORTEST} characters; several words are easy to keep.`)
}

/** What is wrong with a sealed key file, and what to do. */
export function keyFileSentence(path: string, no: KeyFileRefusal): string {
  const { reason } = no
  switch (reason) {
    case 'unreadable':
      return `${path} is no whole sealed key: ${KEY_FILE_FAULTS[no.why](numbered(no.line))}.`
    case 'wrong_purpose':
      return no.purpose === 'root'
        ? `${path} holds root key ${no.kid}, not a spare signing key; give the file that "licet keys add --spare" wrote.`
        : `${path} holds spare signing key ${no.kid}, not a root key; give a file that "licet root new" wrote.`
    case 'wrong_passphrase':
      return `The passphrase does not open ${path} (key ${no.kid}); check which key it belongs to, and the keyboard's layout.`
    case 'not_a_pair':
      return `${path} holds a private key that does not belong to public key ${no.kid}; do not use it, bring another copy.`
    default:
      return no satisfies never
  }
}

const numbered = (line: number): string => `line ${`${line}`.padStart(2, '0')}`

const KEY_FILE_FAULTS: Readonly<Record<SealedKeyFault, (line: string) => string>> = {
  malformed: (line) =>
    `${line} has a symbol too many or too few, or one that does not occur; compare it with the paper`,
  mistyped: (line) => `${line} has a typing error; compare it with the paper`,
  misplaced: (line) =>
    `another line stands where ${line} should; put the lines in the order of their numbers`,
  missing: (line) => `${line} is missing; the file was cut, bring another copy`,
  surplus: (line) => `something stands after ${line}, the last one; remove what does not belong there`,
  altered: () => 'its lines are good one by one but not together; they come from two files or were altered',
  unsupported_version: () => 'it was written by a newer program; use that one',
  too_costly: () => 'its work factor is beyond what this program ever writes; do not use it',
}
