import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { DevelopmentRoot } from '../authority/found.ts'
import type { Sealing } from '../authority/host.ts'
import { developmentRootPurpose } from '../authority/purposes.ts'
import type { Config } from './config.ts'
import { PRIVATE, PUBLIC, putInPlace, stage, stagedAt } from './disk.ts'
import { filesOf } from './files.ts'

/** A file that belongs to a database with keys; where that is gone, it must not be replaced. Null when there is none. */
export function leftOver(config: Config): string | null {
  const { developmentRoot, manifests } = filesOf(config)
  return [developmentRoot, manifests].find((file) => existsSync(file)) ?? null
}

/** Writes the files of a new instance beside their places, to be put there once its keys are committed. */
export function stageFiles(
  config: Config,
  chain: readonly string[],
  root: DevelopmentRoot | null,
  sealing: Sealing,
): void {
  const { developmentRoot, manifests } = filesOf(config)
  rmSync(stagedAt(developmentRoot), { force: true })
  if (root) {
    const sealed = sealing.seal(developmentRootPurpose(root.kid), root.privateKey)
    stage(developmentRoot, `${sealed}\n`, PRIVATE)
  }
  stage(manifests, manifestsText(chain), PUBLIC)
}

/** Takes back what waits for a database that will not be this one's. */
export function unstageFiles(config: Config): void {
  const { developmentRoot, manifests } = filesOf(config)
  for (const file of [developmentRoot, manifests]) rmSync(stagedAt(file), { force: true })
}

/**
 * Puts the files that wait for this database in their places; those of another one go on waiting. Answers whether
 * the last one, the manifests, was put there now.
 */
export function settle(
  config: Config,
  chain: readonly string[],
  rootKid: string | null,
  sealing: () => Sealing,
): boolean {
  const { developmentRoot, manifests } = filesOf(config)
  settleOne(developmentRoot, (text) => rootKid !== null && isRoot(rootKid, text, sealing()))
  return settleOne(manifests, (text) => text === manifestsText(chain))
}

function settleOne(path: string, belongs: (text: string) => boolean): boolean {
  const staged = stagedAt(path)
  return existsSync(staged) && belongs(readFileSync(staged, 'utf8')) && putInPlace(path)
}

function isRoot(kid: string, text: string, sealing: Sealing): boolean {
  try {
    sealing.open(developmentRootPurpose(kid), text.trim())
    return true
  } catch {
    return false
  }
}

/** The chain of root manifests, version 1 first, as the public file that shipped software pins. */
export const manifestsText = (chain: readonly string[]): string => `[${chain.join(',\n')}]\n`
