import { readFileSync } from 'node:fs'

/** The part of a V8 processor profile that is used here. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface CallFrame {
  readonly functionName: string
  readonly url: string
}

export interface Share {
  readonly name: string
  /** Of the time in which the process was not idle; time in a function itself, without what it called. */
  readonly share: number
}

export interface ProfileSummary {
  readonly areas: readonly Share[]
  readonly functions: readonly Share[]
}

/** Self time by area and by function, the largest first. */
export function summarise(file: string): ProfileSummary {
  const profile: CpuProfile = JSON.parse(readFileSync(file, 'utf8'))
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const areas = new Map<string, number>()
  const functions = new Map<string, number>()
  let busy = 0
  profile.samples.forEach((id, index) => {
    const frame = frames.get(id)!
    const micros = profile.timeDeltas[index]!
    if (frame.functionName === '(idle)') return
    busy += micros
    add(areas, areaOf(frame), micros)
    add(functions, `${frame.functionName || '(anonymous)'} ${areaOf(frame)}`, micros)
  })
  return { areas: shares(areas, busy), functions: shares(functions, busy) }
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros)
}

const shares = (sums: ReadonlyMap<string, number>, busy: number): Share[] =>
  [...sums].map(([name, micros]) => ({ name, share: micros / busy })).sort((a, b) => b.share - a.share)

/** A room of the product, a package, a module of Node.js, or the engine itself. */
function areaOf({ url, functionName }: CallFrame): string {
  const room = /\/src\/([^/]+)\//.exec(url)?.[1]
  if (url.includes('/node_modules/')) return packageOf(url)
  if (room !== undefined) return `src/${room}`
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/')
  return functionName.startsWith('(') ? functionName : 'native code'
}

function packageOf(url: string): string {
  const [scope, name] = url.slice(url.lastIndexOf('/node_modules/') + 14).split('/')
  return scope!.startsWith('@') ? `${scope}/${name}` : scope!
}
