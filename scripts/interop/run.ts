import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, type Language, LEFT_OUT } from './languages.ts'
import { VECTORS, vectorCounts } from './vectors.ts'

export interface Outcome {
  readonly equal: number
  readonly different: number
  readonly leftOut: number
  /** By file and reason, as the runner says it: what was left out. */
  readonly reasons: readonly string[]
  /** What is wrong, a line each: differences, vectors nobody accounted for, a runner that broke. Empty when all is well. */
  readonly faults: readonly string[]
}

/** Builds and runs the verifier of one language over the vector files; `strict` is the file of strict-1, or null. */
export async function runLanguage(language: Language, strict: string | null): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), `licet-interop-${language.name}-`))
  try {
    const built = language.build === null ? null : await output(language.build(folder), [])
    if (built !== null && built.code !== 0) return broken(built.text)
    const ran = await output(language.run(folder), strict === null ? [VECTORS] : [VECTORS, strict])
    return judged(ran, language, vectorCounts(strict))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Output {
  readonly code: number | null
  readonly text: string
}

function output({ command, cwd }: Command, more: readonly string[]): Promise<Output> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, ...more], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const pieces: Buffer[] = []
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text: Buffer.concat(pieces).toString('utf8') }))
  })
}

const broken = (text: string): Outcome => ({
  equal: 0,
  different: 0,
  leftOut: 0,
  reasons: [],
  faults: [text],
})

const SUM = /^(\d+) equal, (\d+) different: (.+)$/
const SKIP = /^(\d+) skipped: (([^:]+): (.+))$/

/** Believes no runner that it ran everything: every vector of every file must be accounted for. */
function judged({ code, text }: Output, language: Language, counts: ReadonlyMap<string, number>): Outcome {
  const accounted = new Map<string, number>()
  const account = (file: string, number: number) => accounted.set(file, (accounted.get(file) ?? 0) + number)
  let [equal, different, leftOut] = [0, 0, 0]
  const reasons: string[] = []
  const faults: string[] = []
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const [, same, other, file] = SUM.exec(line) ?? []
    const [, skipped, reason, of, why = ''] = SKIP.exec(line) ?? []
    if (file !== undefined) {
      equal += Number(same)
      different += Number(other)
      account(file, Number(same) + Number(other))
    } else if (reason !== undefined && of !== undefined) {
      leftOut += Number(skipped)
      account(of, Number(skipped))
      reasons.push(`${skipped} of ${reason}`)
      if (![...LEFT_OUT, ...language.leavesOut].includes(why))
        faults.push(`left out for no known reason: ${line}`)
    } else faults.push(line)
  }
  for (const [file, count] of counts) {
    const ran = accounted.get(file) ?? 0
    if (ran !== count) faults.push(`${file}: ${ran} of ${count} vectors are accounted for`)
  }
  if (code !== 0 && faults.length === 0) faults.push(`the runner ended with ${code}`)
  return { equal, different, leftOut, reasons, faults }
}
