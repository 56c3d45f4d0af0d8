/** The part of a terminal that a secret is typed at. */
export interface SecretInput {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
  on(event: 'data' | 'end', listener: (chunk: Buffer) => void): unknown
  off(event: 'data' | 'end', listener: (chunk: Buffer) => void): unknown
  resume(): unknown
  pause(): unknown
  unshift(chunk: Buffer): void
}

/** How a line of raw input ended. */
type Ended = { readonly line: string; readonly rest: Buffer } | 'interrupted'

/**
 * Asks for a line and shows nothing of it, not even its length. null where the input is no terminal; `interrupted`
 * when the person pressed Control-C. The terminal is as it was afterwards.
 */
export async function askSecret(
  input: SecretInput,
  show: (text: string) => void,
  question: string,
): Promise<string | null | 'interrupted'> {
  if (input.isTTY !== true || input.setRawMode === undefined) return null
  show(question)
  input.setRawMode(true)
  try {
    const ended = await lineOf(input)
    if (ended === 'interrupted') return ended
    // What was typed or pasted ahead belongs to the next question.
    if (ended.rest.length > 0) input.unshift(ended.rest)
    return ended.line
  } finally {
    input.setRawMode(false)
    show('\n')
  }
}

const BACKSPACES = [0x08, 0x7f]
const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a
const CONTROL_C = 0x03
const CONTROL_D = 0x04
const CONTROL_U = 0x15

function lineOf(input: SecretInput): Promise<Ended> {
  return new Promise((resolve) => {
    const typed: number[] = []
    const finish = (ended: Ended) => {
      input.off('data', onData)
      input.off('end', onEnd)
      input.pause()
      resolve(ended)
    }
    const onEnd = () => finish('interrupted')
    const onData = (chunk: Buffer) => {
      for (const [at, byte] of chunk.entries()) {
        if (byte === CONTROL_C) return finish('interrupted')
        if (byte === CARRIAGE_RETURN || byte === LINE_FEED || byte === CONTROL_D)
          return finish({ line: Buffer.from(typed).toString('utf8'), rest: chunk.subarray(at + 1) })
        if (byte === CONTROL_U) typed.length = 0
        else if (BACKSPACES.includes(byte)) dropCharacter(typed)
        else typed.push(byte)
      }
    }
    input.on('data', onData)
    input.on('end', onEnd)
    input.resume()
  })
}

/** Takes back the last character with all of its bytes in UTF-8. */
function dropCharacter(typed: number[]): void {
  for (let byte = typed.pop(); byte !== undefined && (byte & 0xc0) === 0x80; byte = typed.pop());
}
