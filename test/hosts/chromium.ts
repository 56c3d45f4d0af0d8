import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Browser, chromium as playwright } from 'playwright-core'
import type { Absent } from './host.ts'
import { inTemporaryFolder } from './temporary.ts'

interface Program {
  readonly executablePath: string
  readonly env?: Readonly<Record<string, string>>
}

const SYSTEM_CHROMIUM = '/usr/bin/chromium'

/** The sandbox cannot be had by root, and the only page that is opened is the project's own. */
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']

/**
 * Chromium from `CHROMIUM_PATH`, else the system's, else the one in the npm package; or why there is none. One that
 * was named and does not start is an error, not an absence.
 */
export async function launchChromium(flags: readonly string[]): Promise<Browser | Absent> {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined) return launch({ executablePath: named }, flags)
  try {
    if (existsSync(SYSTEM_CHROMIUM)) return await launch({ executablePath: SYSTEM_CHROMIUM }, flags)
    if (process.platform === 'linux' && process.arch === 'x64') return await launch(await packaged(), flags)
  } catch (error) {
    return { absent: `Chromium does not start here: ${String(error).split('\n')[0]}` }
  }
  return { absent: 'no Chromium for this platform: name one in CHROMIUM_PATH' }
}

function launch({ executablePath, env }: Program, flags: readonly string[]): Promise<Browser> {
  const inherited = process.env as Record<string, string>
  return playwright.launch({ executablePath, args: [...FLAGS, ...flags], env: { ...inherited, ...env } })
}

/** Chromium from the npm package, unpacked on first use into a temporary folder of its version. */
async function packaged(): Promise<Program> {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const root = dirname(dirname(main))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const folder = join(tmpdir(), `licet-chromium-${version}`)
  if (!existsSync(folder)) await unpack(join(root, 'bin'), folder)
  if ((await stat(folder)).uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user`)
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  }
}

/** Beside the folder first and then renamed: whoever sees the folder sees all of it, also when two unpack at once. */
async function unpack(archives: string, folder: string): Promise<void> {
  const part = await mkdtemp(`${folder}.`)
  // The package unpacks into the temporary folder and nowhere else.
  await inTemporaryFolder(part, async () => {
    const { default: chromium, inflate } = await import('@sparticuz/chromium')
    await inflate(join(archives, 'al2023.tar.br'))
    await chromium.executablePath(archives)
  })
  try {
    await rename(part, folder)
  } catch (error) {
    await rm(part, { recursive: true })
    if (!existsSync(folder)) throw error
  }
}
