import { execSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Runs after `npm ci`, so that `licet/verify` can be imported in a checkout; and before the first `npx licet`,
// where there is nothing to do: then it must be quick, and must not take dist/ away from a running program.
const root = fileURLToPath(new URL('..', import.meta.url))
if (newestIn(join(root, 'src')) > newestIn(join(root, 'dist')))
  execSync('npm run build', { cwd: root, stdio: 'inherit' })

/** Time of the newest file below a folder, milliseconds; 0 when there is none. */
function newestIn(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs))
  } catch {
    return 0
  }
}
