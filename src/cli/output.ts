import type { Shell } from './shell.ts'

/** 0 done, 1 the answer is no, 2 wrong usage or unreadable input, 3 failure (contract 4). */
export type ExitCode = 0 | 1 | 2 | 3

/** How a command ended, before anything is printed: one value for a program and for a person. */
export type Outcome =
  | {
      readonly type: 'answer'
      /** 1 where the answer is itself a no, as of `verify`. */
      readonly exit: 0 | 1
      readonly json: unknown
      readonly text: string
      /** For a person beside the text, which may go into a file as it is. */
      readonly note?: string
    }
  | {
      readonly type: 'refused'
      readonly exit: 1 | 2 | 3
      /** A word for programs. */
      readonly error: string
      /** For people, one line each. */
      readonly sentences: readonly string[]
      /** Further members of the JSON document. */
      readonly detail?: Readonly<Record<string, unknown>>
    }
  /** The command printed for itself. */
  | { readonly type: 'ended'; readonly exit: number }

/** Done; `text` ends without a line break. */
export const done = (json: unknown, text: string): Outcome => ({ type: 'answer', exit: 0, json, text })

export const refused = (exit: 1 | 2 | 3, error: string, ...sentences: string[]): Outcome => ({
  type: 'refused',
  exit,
  error,
  sentences,
})

/**
 * Prints how a command ended and answers with its exit code. With `json` standard output gets one JSON document,
 * also for a refusal; what a person should read of a refusal is on standard error either way.
 */
export function finish(shell: Shell, outcome: Outcome, json: boolean): number {
  switch (outcome.type) {
    case 'answer':
      if (!json && outcome.note !== undefined) shell.err(`${printable(outcome.note)}\n`)
      shell.out(json ? document(outcome.json) : `${printable(outcome.text)}\n`)
      return outcome.exit
    case 'refused': {
      const { error, sentences, detail } = outcome
      shell.err(sentences.map((sentence) => `${printable(sentence)}\n`).join(''))
      if (json) shell.out(document({ error, message: sentences.join('\n'), ...detail }))
      return outcome.exit
    }
    case 'ended':
      return outcome.exit
    default:
      return outcome satisfies never
  }
}

const document = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Control characters, and those that turn the direction of writing. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** Ids and names come from a marketplace, and must not steer the terminal of whoever reads them. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '\ufffd')
