import { execFile, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { type Ran, type Running, untilListening } from './program.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What the next release might bring: only additions, as a rolling deployment needs. */
const NEXT = SCHEMA_VERSION + 1
/** Its file in `migrations/`. */
export const NEXT_MIGRATION = `-- What a release after this one might bring: a column, a table and an index more.

ALTER TABLE licenses ADD COLUMN note TEXT;
ALTER TABLE license_events ADD COLUMN weight BIGINT NOT NULL DEFAULT 1;
CREATE TABLE remarks (
  license_id TEXT NOT NULL,
  remark TEXT NOT NULL,
  CONSTRAINT remarks_key PRIMARY KEY (license_id)
);
CREATE INDEX licenses_note ON licenses (note);

INSERT INTO settings (name, value) VALUES ('oldest_program', '${SCHEMA_VERSION}')
  ON CONFLICT (name) DO UPDATE SET value = excluded.value;
UPDATE settings SET value = '${NEXT}' WHERE name = 'schema_version';
`

/** This program in a directory of its own with one more migration, as if it were the next release. */
export interface NextVersion {
  readonly version: number
  readonly directory: string
  run(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ran>
  serve(environment: NodeJS.ProcessEnv): Promise<Running>
  remove(): void
}

export function nextVersion(): NextVersion {
  const directory = mkdtempSync(join(tmpdir(), 'licet-next-'))
  for (const part of ['bin', 'src', 'migrations', 'schema.sql', 'package.json'])
    cpSync(join(ROOT, part), join(directory, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
  writeFileSync(join(directory, 'migrations', `${String(NEXT).padStart(4, '0')}_next.sql`), NEXT_MIGRATION)
  const schema = join(directory, 'src/store/schema.ts')
  const declared = `export const SCHEMA_VERSION = ${SCHEMA_VERSION}`
  const text = readFileSync(schema, 'utf8')
  if (!text.includes(declared)) throw new Error(`${schema} declares its version in another way`)
  writeFileSync(schema, text.replace(declared, `export const SCHEMA_VERSION = ${NEXT}`))
  const bin = join(directory, 'bin/licet.js')
  return {
    version: NEXT,
    directory,
    run: (environment, ...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [bin, ...args], { env: environment }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 99), stdout, stderr })
        })
      }),
    serve: (environment) => untilListening(spawn(process.execPath, [bin, 'serve'], { env: environment })),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
