import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Stage } from './dockerfile.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * What a Dockerfile's stages would leave behind, made without an engine: each stage is a directory that stands for its
 * root file system. Base images are not there, and the registry is not asked: the packages are those of this checkout.
 */
export function buildStages(stages: readonly Stage[], ignore: string, into: string): readonly string[] {
  const allowed = ignore.split('\n').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  const roots = new Map<string, string>()
  return stages.map((stage, at) => {
    const root = join(into, `stage-${at}`)
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true })
    if (stage.as !== null) roots.set(stage.as, root)
    let directory = '/'
    for (const { name, rest } of stage.steps) {
      if (name === 'WORKDIR') {
        directory = rest
        mkdirSync(join(root, directory), { recursive: true })
      } else if (name === 'COPY') copy(rest, join(root, directory), roots, allowed)
      else if (name === 'RUN') run(rest, root, join(root, directory))
    }
    return root
  })
}

function copy(
  rest: string,
  directory: string,
  roots: ReadonlyMap<string, string>,
  allowed: readonly string[],
): void {
  const [, from, paths] = /^(?:--from=(\w+) )?(.*)$/.exec(rest)!
  const names = paths!.split(/\s+/)
  const target = join(directory, names.pop()!)
  const sources =
    from === undefined
      ? names.map((name) => inContext(name, allowed))
      : names.map((name) => join(roots.get(from)!, name))
  const isDirectory = rest.endsWith('/')
  for (const source of sources)
    cpSync(source, isDirectory ? join(target, basename(source)) : target, { recursive: true })
}

function inContext(name: string, allowed: readonly string[]): string {
  if (!allowed.includes(name)) throw new Error(`${name} is not in the context: .dockerignore leaves it out`)
  return join(ROOT, name)
}

/** Commands that would ask the registry take what this checkout has; all others are run as they are written. */
function run(command: string, root: string, directory: string): void {
  const packages = join(directory, 'node_modules')
  if (command === 'npm ci --ignore-scripts') symlinkSync(join(ROOT, 'node_modules'), packages)
  else if (command === 'npm prune --omit=dev --ignore-scripts') keepProduction(directory, packages)
  else runHere(command, root, directory)
}

function runHere(command: string, root: string, directory: string): void {
  const here = command.replaceAll(/ (?=\/(data|app|usr)\b)/g, ` ${root}`).replace('-o node -g node ', '')
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`
  execFileSync('sh', ['-ec', here], { cwd: directory, env: { ...process.env, PATH: path }, stdio: 'pipe' })
}

function keepProduction(directory: string, packages: string): void {
  rmSync(packages)
  for (const name of productionPackages(directory))
    cpSync(join(ROOT, name), join(directory, name), { recursive: true })
}

/** Paths below the project, as its lock file names them. */
export function productionPackages(directory: string): readonly string[] {
  const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; link?: boolean; optional?: boolean }>
  }
  return Object.entries(lock.packages).flatMap(([name, { dev, link }]) =>
    name.startsWith('node_modules/') && !dev && !link ? [name] : [],
  )
}

/** Takes from everybody the right to write below a directory. */
export function makeReadOnly(directory: string): void {
  execFileSync('chmod', ['-R', 'a-w,a+rX', directory])
  chmodSync(directory, 0o555)
}
