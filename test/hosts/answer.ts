import type { Engine, ObjectOptions, TrustInput, Verifier } from '../../src/verify/index.ts'
import { createObjectVerifier } from '../../src/verify/since.ts'
import { asked, type Everything } from '../verify/asked.ts'

/** What a host is asked. Questions and answers travel as JSON: the host holds none of the expected answers. */
export type Question =
  | {
      readonly ask: 'license'
      readonly text: string
      readonly trust: TrustInput
      readonly everything: Everything
    }
  | {
      readonly ask: 'statement' | 'list'
      readonly text: string
      readonly trust: TrustInput
      readonly options: ObjectOptions
    }
  | { readonly ask: 'root'; readonly text: string }
  | { readonly ask: 'signature'; readonly pk: string; readonly msg: string; readonly sig: string }

export type Entry = Verifier & { readonly engine: Engine }

/** The answer as JSON carries it; of a question that made the entry throw, `{ thrown }` with the message. */
export async function answer(entry: Entry, question: Question): Promise<unknown> {
  try {
    return JSON.parse(JSON.stringify(await put(entry, question))) as unknown
  } catch (error) {
    return { thrown: String(error) }
  }
}

async function put(entry: Entry, question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'license':
      return entry.verify(question.text, question.trust, asked(question.everything))
    case 'statement':
      return createObjectVerifier(entry.engine).verifyStatement(
        question.text,
        question.trust,
        question.options,
      )
    case 'list':
      return createObjectVerifier(entry.engine).verifyList(question.text, question.trust, question.options)
    case 'root': {
      const opened = await entry.openTrust(question.text)
      return opened.ok ? { ok: true } : opened
    }
    case 'signature':
      return entry.engine.verify(fromHex(question.pk), fromHex(question.msg), fromHex(question.sig))
  }
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
