import type { SceneReport } from '../../../authority/marketplace-check.ts'
import type { Family } from './scene.ts'

/** What most failures come from, said once and with what to do. Sentences for people. */
export function hintsOf(families: readonly Family[], scenes: readonly SceneReport[]): readonly string[] {
  const cases = families.map((family) => ({
    family,
    played: scenes.filter(
      ({ family: name, scene }) => name === family.name && family.cases.some((one) => one.scene === scene),
    ),
  }))
  const all = cases.flatMap(({ played }) => played)
  const allAre = (code: string) => all.length > 0 && all.every((scene) => isAnswered(scene, code))
  const hints: string[] = []
  if (all.length > 0 && all.every(({ calls }) => calls[0]?.status === 404)) hints.push(NO_ADDRESS)
  if (allAre('000001')) hints.push(WRONG_KEY)
  if (allAre('000002')) hints.push(WRONG_CLOCK)
  if (hints.length > 0) return hints
  for (const { family, played } of cases) {
    if (played.every((scene) => isAnswered(scene, '000002') && scene.result !== 'pass'))
      hints.push(notSpoken(family))
    if (played.every((scene) => isAnswered(scene, '000001'))) hints.push(keyOfFamily(family))
  }
  const unsold = all.filter((scene) => scene.calls[0]?.resultCode === '000005' && scene.result === 'fail')
  if (unsold.some(({ scene }) => SALES.test(scene))) hints.push(NOTHING_TO_SELL)
  return hints
}

const SALES = /^(?:getLicense|newInstance)/

const isAnswered = ({ calls }: SceneReport, code: string): boolean => calls[0]?.resultCode === code

const NO_ADDRESS =
  'Nothing lies at this address (HTTP 404): look at its path. Of a Licet server "licet channel list" shows it; without a channel there is none, "licet channel add" adds one.'

const WRONG_KEY =
  'Every signed call was refused as forged (000001): the access key of the file is not the one of this address, or a proxy on the way changes the query or the body.'

const WRONG_CLOCK =
  'Every call was refused as malformed (000002): are the clocks of this machine and of the server right?'

const notSpoken = ({ name, title }: Family): string =>
  `The server does not speak ${title.en} at all. Is your product of this family (${title.zh})? If not, choose with --family those it is of, without ${name}.`

const keyOfFamily = ({ title }: Family): string =>
  `Every call of ${title.en} was refused as forged (000001): the console binds an access key of its own to each class of interfaces.`

const NOTHING_TO_SELL =
  'A test purchase was answered 000005. A Licet server without a catalog has nothing to make a test code of: "licet catalog apply".'
