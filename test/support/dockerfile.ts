/** One instruction of a Dockerfile, its continued lines joined and its arguments put in. */
export interface Instruction {
  readonly name: string
  readonly rest: string
}

/** Everything from one FROM to the next. */
export interface Stage {
  readonly base: string
  readonly as: string | null
  readonly steps: readonly Instruction[]
}

/** Reads what this project's Dockerfile uses of the language; throws for anything else. */
export function readDockerfile(text: string): readonly Stage[] {
  const args = new Map<string, string>()
  const stages: { base: string; as: string | null; steps: Instruction[] }[] = []
  for (const { name, rest } of instructions(text)) {
    const value = rest.replace(/\$\{(\w+)\}/g, (whole, arg) => (name === 'FROM' ? args.get(arg)! : whole))
    if (name === 'ARG' && stages.length === 0) args.set(...(value.split('=', 2) as [string, string]))
    else if (name === 'FROM') {
      const [base = '', , as = null] = value.split(/\s+/)
      stages.push({ base, as, steps: [] })
    } else if (KNOWN.has(name) && stages.length > 0) stages.at(-1)!.steps.push({ name, rest: value })
    else throw new Error(`an instruction this reader does not know: ${name} ${rest}`)
  }
  return stages
}

const KNOWN = new Set('CMD COPY ENTRYPOINT ENV EXPOSE HEALTHCHECK RUN USER VOLUME WORKDIR'.split(' '))

function instructions(text: string): readonly Instruction[] {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  return lines
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => /^(\w+)\s+(.*)$/.exec(line.trim())!)
    .map(([, name, rest]) => ({ name: name!, rest: rest!.trim() }))
}

/** The rest of the last instruction of a name, or throws. */
export function last({ steps }: Stage, name: string): string {
  const found = steps.findLast((step) => step.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found.rest
}

/** `["a", "b"]`: no shell stands between the process and its signals. */
export function execForm(rest: string): readonly string[] {
  const list: unknown = JSON.parse(rest)
  if (!Array.isArray(list)) throw new Error(`not in exec form: ${rest}`)
  return list as string[]
}

export const environmentOf = ({ steps }: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    steps
      .filter(({ name }) => name === 'ENV')
      .flatMap(({ rest }) => rest.split(/\s+/).map((pair) => pair.split('=', 2) as [string, string])),
  )
