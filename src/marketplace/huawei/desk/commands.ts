import { no, type Result, yes } from '../../../domain/result.ts'
import { FAMILY_NAMES, type FamilyName } from './market.ts'

/** What a person at the desk, or a script, lets happen. */
export type Command =
  | { readonly type: 'sell'; readonly family: FamilyName | null; readonly trial: boolean }
  | { readonly type: OnResource; readonly resource: number }
  | { readonly type: 'upgrade' | 'change'; readonly resource: number; readonly quantity: number | null }
  | { readonly type: 'apply'; readonly resource: number; readonly device: string | null }
  | { readonly type: 'wait'; readonly days: number }
  | { readonly type: 'fail'; readonly count: number; readonly how: Failure }
  | { readonly type: 'tour'; readonly family: FamilyName | null }
  | { readonly type: 'probe' | 'restart' | 'status' | 'help' | 'quit' }

const ON_RESOURCE = [
  ...['renew', 'cancel', 'formal', 'expire', 'freeze', 'unfreeze', 'release'],
  ...['show', 'repeat', 'activate', 'kit'],
] as const

export type OnResource =
  | 'renew'
  | 'cancel'
  | 'formal'
  | 'expire'
  | 'freeze'
  | 'unfreeze'
  | 'release'
  | 'show'
  | 'repeat'
  | 'activate'
  | 'kit'

/** How an open API fails: an HTTP status, an error code, or one of the ways to give no answer that means something. */
export type Failure =
  | { readonly type: 'status'; readonly status: number }
  | { readonly type: 'code'; readonly code: string }
  | { readonly type: (typeof WAYS)[number] }

const WAYS = ['silence', 'rubbish', 'redirect', 'flood', 'cut'] as const

/** One line of the console; null for an empty line and for a comment. Not: what is wrong with it. */
export function readCommand(line: string): Result<Command | null, string> {
  const words = line.replace(/#.*/, '').trim().split(/\s+/)
  const [name = '', ...given] = words
  if (name === '') return yes(null)
  switch (name) {
    case 'sell':
      return readSale(given)
    case 'tour':
      return given.length > 1 || !isFamilyOrNone(given[0])
        ? no(`tour [FAMILY], one of ${FAMILY_NAMES.join(', ')}`)
        : yes({ type: 'tour', family: given[0] ?? null })
    case 'upgrade':
    case 'change': {
      const [resource, quantity = null] = given.map(wholeNumber)
      return resource == null || given.length > 2 || (given.length === 2 && quantity === null)
        ? no(`${name} ID [QUANTITY]`)
        : yes({ type: name, resource, quantity })
    }
    case 'apply': {
      const resource = wholeNumber(given[0])
      return resource === null || given.length > 2
        ? no('apply ID [DEVICE]')
        : yes({ type: 'apply', resource, device: given[1] ?? null })
    }
    case 'wait': {
      const days = given.length === 0 ? 1 : wholeNumber(given[0])
      return days === null ? no('wait [DAYS]') : yes({ type: 'wait', days })
    }
    case 'fail':
      return readFailure(given)
    case 'probe':
    case 'restart':
    case 'status':
    case 'help':
    case 'quit':
      return given.length === 0 ? yes({ type: name }) : no(`${name} stands alone`)
    default:
      return readOnResource(name, given)
  }
}

function readOnResource(name: string, given: readonly string[]): Result<Command, string> {
  const type = ON_RESOURCE.find((one) => one === name) as OnResource | undefined
  if (type === undefined) return no(`there is no command "${name}"; "help" names them all`)
  const resource = wholeNumber(given[0])
  return resource === null || given.length > 1 ? no(`${name} ID`) : yes({ type, resource })
}

function readSale(given: readonly string[]): Result<Command, string> {
  const trial = given.includes('trial')
  const [family, ...rest] = given.filter((word) => word !== 'trial')
  return rest.length > 0 || !isFamilyOrNone(family)
    ? no(`sell [FAMILY] [trial], the family one of ${FAMILY_NAMES.join(', ')}`)
    : yes({ type: 'sell', family: family ?? null, trial })
}

function readFailure(given: readonly string[]): Result<Command, string> {
  const [next, number, , what = ''] = given
  const count = wholeNumber(number)
  const how = failureOf(what)
  return next !== 'next' || count === null || given[2] !== 'with' || how === null || given.length > 4
    ? no(`fail next N with ${WAYS.join(' | ')}, an HTTP status, or an error code`)
    : yes({ type: 'fail', count, how })
}

function failureOf(what: string): Failure | null {
  const way = WAYS.find((one) => one === what)
  if (way !== undefined) return { type: way }
  if (/^[345]\d\d$/.test(what)) return { type: 'status', status: Number(what) }
  return /^[A-Z0-9]{2,8}\.?\d{2,8}$/.test(what) ? { type: 'code', code: what } : null
}

const isFamilyOrNone = (text: string | undefined): text is FamilyName | undefined =>
  text === undefined || FAMILY_NAMES.some((name) => name === text)

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,6}$/.test(text) && Number(text) > 0 ? Number(text) : null

export const HELP = `What can happen; a thing that was bought is named by its number:
  sell [FAMILY] [trial]       a buyer pays
  repeat ID                   the purchase is sent once more; the answer must be the same
  activate ID                 the buyer enters a License 2.0 code in the software
  apply ID [DEVICE]           a device applies for an online license
  show ID                     the buyer opens the resource
  kit ID                      enterprise, application, users and departments are synchronised
  renew ID, cancel ID         it is renewed; the last renewal is cancelled
  formal ID                   a trial turns formal
  upgrade ID [QUANTITY]       more is bought
  change ID [QUANTITY]        it is renewed with another quantity
  freeze ID, unfreeze ID      a violation, and its end
  expire ID                   it is past its end and its grace
  release ID                  it is released, for ever
  probe                       the debug cases are replayed now, not only twice a day
  restart                     what was given up is called again
  fail next N with WHAT       the next N open API calls get silence, rubbish, a redirect, a flood, a cut, an HTTP
                              status or an error code
  wait [DAYS]                 days of the marketplace pass
  tour [FAMILY]               a whole life
  status                      what was bought, and what the marketplace thinks of the seller
  quit`
