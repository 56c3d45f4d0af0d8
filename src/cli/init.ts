import type { Command } from 'commander'
import { readManifests } from './manifests.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import type { InitRefusal, InitReport, Shell } from './shell.ts'
import { sheet, table } from './table.ts'

/** `licet init`: exit code 1, and nothing changed, where there are keys already. */
export function addInitCommand(licet: Command, { shell, runs }: Program): void {
  command(
    licet,
    'init',
    'Make the data directory, the database and the signing keys',
    'init',
    'init --root root-manifest.json',
  )
    .option(
      '--root <manifest>',
      'root manifests of a root that lies elsewhere; without it a development root is made',
    )
    .action(runs(({ root }: { root?: string }) => init(shell, root ?? null)))
}

async function init(shell: Shell, rootFile: string | null): Promise<Outcome> {
  const manifests = rootFile === null ? null : (await readManifests(shell, rootFile)).texts
  const made = await shell.init(manifests)
  if (!made.ok) return initRefused(made.no)
  const next = shell.reached === null ? NEXT : nextOnWorker(made.value, shell.reached)
  return done(made.value, `${madeText(made.value)}\n\n${next}`)
}

export function initRefused(no: InitRefusal): Outcome {
  const { reason } = no
  switch (reason) {
    case 'exists':
      return refused(1, reason, 'There is an instance: its database holds keys already; nothing was changed.')
    case 'under_way':
      return refused(1, reason, 'Another init is running on this data directory; nothing was changed.')
    case 'left_over':
      return refused(
        1,
        reason,
        `${no.file} belongs to an instance, but the database ${no.database} has no keys; nothing was changed.`,
        'Bring that database back, or move the file away to make a new instance.',
      )
    default:
      return no satisfies never
  }
}

/** What was made, where each private part lies, and what to keep. */
export function madeText(report: InitReport): string {
  return [where(report), keysText(report), keepText(report), rootText(report)].join('\n\n')
}

const where = ({ data, database, manifestsFile }: InitReport): string =>
  `Made a new instance.\n${sheet([
    ['data directory', data],
    ['database', `${database} (holds the signing keys and access keys, sealed)`],
    ['root manifests', `${manifestsFile} (public: your software pins them)`],
  ])}`

const keysText = ({ keys }: InitReport): string =>
  table(
    ['KEY', 'USAGE', 'STATUS'],
    keys.map(({ kid, usage, status }) => [kid, usage, status]),
  )

function keepText({ masterKeyFile, database }: InitReport): string {
  const key =
    masterKeyFile === null ? 'the master key that LICET_MASTER_KEY gave' : `the master key, ${masterKeyFile}`
  return [
    `Back up ${key}, now, and apart from everything else:`,
    '  it opens every sealed key. Losing it loses every key; whoever has it and the database has them all.',
    `Back up ${database} as often as you can bear to lose sales.`,
  ].join('\n')
}

function rootText({ developmentRootFile }: InitReport): string {
  if (developmentRootFile === null)
    return [
      'The private root lies elsewhere. The keys above are pending: they sign once the root has certified them.',
      '  npx licet keys request --request-file requests.txt    and take the file to the root;',
      '  npx licet keys import certificates.txt                takes in what it signed;',
      '  npx licet keys promote KEY                            lets each key sign.',
    ].join('\n')
  return [
    `The private part of a development root lies, sealed, in ${developmentRootFile}.`,
    'It is for trying things out: before you sell, make a root that never lies on a server.',
  ].join('\n')
}

const NEXT = [
  'What to do next:',
  '  npx licet channel add huawei --kind huawei --access-key-file FILE',
  '  npx licet catalog apply FILE',
  '  npx licet serve',
].join('\n')

/** The Worker has to open what was sealed here. */
function nextOnWorker({ masterKeyFile }: InitReport, url: string): string {
  return [
    'What to do next:',
    ...(masterKeyFile === null ? [] : [`  npx wrangler secret put LICET_MASTER_KEY < ${masterKeyFile}`]),
    `  npx licet --remote ${url} channel add huawei --kind huawei --access-key-file FILE`,
    `  npx licet --remote ${url} catalog apply FILE`,
    `  curl ${url}/readyz`,
  ].join('\n')
}
