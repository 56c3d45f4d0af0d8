import { InvalidArgumentError } from 'commander'
import type { KeyUsage } from '../authority/key-store.ts'
import type { Seconds } from '../domain/time.ts'
import { isKeyId } from '../format/jws.ts'
import { Unreadable } from './shell.ts'
import { readTime, TIME_FORMS } from './time.ts'

/** Readers of option values. Each throws commander's own error, which names the option and ends with exit code 2. */

/** A reader of whole numbers from `least` to `most`, in digits only. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}

/** A license code has 16 bits for seats (contract 1.1). */
export const seats = wholeNumber(0, 65_535)

export function time(text: string): Seconds {
  const seconds = readTime(text)
  if (seconds === null) throw new InvalidArgumentError(`It is no time; ${TIME_FORMS}.`)
  return seconds
}

export const timeOrNow = (text: string): Seconds | 'now' => (text === 'now' ? 'now' : time(text))

/** Where a page of licenses ended, as `Page.next` is written: when the last one was made, and its id. */
export function cursor(text: string): string {
  if (/^\d{1,15}-[0-9a-f]{16}$/.test(text)) return text
  throw new InvalidArgumentError('It is no "next" of a list of licenses.')
}

const LONGEST_WORD = 256

/** An id or a name that goes into the database or is looked for there. */
export function word(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.')
  if (text.length > LONGEST_WORD)
    throw new InvalidArgumentError(`It must not be longer than ${LONGEST_WORD} characters.`)
  return text
}

/** For an option that may be given several times. */
export const collected = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
]

const USAGES: readonly string[] = ['codes', 'statements', 'lists']

/** What a signing key signs (contract 1.2). */
export function usage(text: string): KeyUsage {
  if (USAGES.includes(text)) return text as KeyUsage
  throw new InvalidArgumentError(`It must be one of ${USAGES.join(', ')}.`)
}

/** Names of signing keys as arguments: 8 lower-case hex digits (contract 1). Throws `Unreadable` for one that is none. */
export function keyNames(texts: readonly string[]): readonly string[] {
  const odd = texts.find((text) => !isKeyId(text))
  if (odd === undefined) return texts
  throw new Unreadable(`"${odd}" is no key id, 8 of 0-9 and a-f; "licet keys list" shows those there are.`)
}
