import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Absent, bundle, hostOf, type Running } from './host.ts'
import { inTemporaryFolder } from './temporary.ts'

/** As much of Miniflare, which starts workerd, as is needed here. */
interface Miniflare {
  dispatchFetch(url: string, init: { method: 'POST'; body: string }): Promise<{ text(): Promise<string> }>
  dispose(): Promise<void>
}

interface MiniflarePackage {
  readonly Miniflare: new (options: object) => Miniflare
}

/** The date whose behaviour of Workers the guest is run with; no compatibility flag, so no Node builtins. */
const COMPATIBILITY_DATE = '2026-04-01'

/** workerd as wrangler brings it. */
export async function startWorkers(): Promise<Running | Absent> {
  const wrangler = createRequire(createRequire(import.meta.url).resolve('wrangler'))
  const version = versionOf(wrangler)
  if (typeof version !== 'string') return version
  const { Miniflare } = wrangler('miniflare') as MiniflarePackage
  const guest = await bundle('guest-worker.ts')
  // Miniflare leaves the removal of its own folder unfinished when the process ends.
  const folder = await mkdtemp(join(tmpdir(), 'licet-workerd-'))
  const running: Miniflare[] = []
  return {
    name: version,
    async open(preamble) {
      const options = { workers: [{ config: configOf(preamble + guest) }] }
      const worker = await inTemporaryFolder(folder, async () => new Miniflare(options))
      running.push(worker)
      return hostOf(async (body) => {
        const response = await worker.dispatchFetch('http://worker/', { method: 'POST', body })
        return response.text()
      })
    },
    close: async () => {
      await Promise.all(running.map((worker) => worker.dispose()))
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** `workerd 2026-10-06`, asked of the program itself: not every platform has it, or can run it. */
function versionOf(wrangler: NodeJS.Require): string | Absent {
  try {
    const { default: program } = wrangler('workerd') as { default: string }
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
  } catch (error) {
    return { absent: `workerd cannot be run here: ${String(error).split('\n')[0]}` }
  }
}

function configOf(contents: string): object {
  return {
    name: 'verifier',
    compatibilityDate: COMPATIBILITY_DATE,
    manifest: {
      mainModule: 'guest.mjs',
      modulesRoot: '/',
      modules: { 'guest.mjs': { type: 'esm', contents } },
    },
    env: {},
    exports: {},
  }
}
