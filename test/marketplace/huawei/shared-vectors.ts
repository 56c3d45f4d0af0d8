import { readFileSync } from 'node:fs'

const FOLDER = new URL('../../../../shared/vectors/', import.meta.url)

/** A file of shared vectors, or null (and a loud word about it) where they are not beside the project. */
export function sharedVectors<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as T
  } catch {
    console.warn(`SKIPPED: ${file} is not in ../shared/vectors, its vectors are not run`)
    return null
  }
}

/** To be appended to a test's name, so that a skipped one says why. */
export const absence = (vectors: unknown): string => (vectors === null ? ' [skipped: vectors absent]' : '')
