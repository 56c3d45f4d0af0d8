/**
 * Every parameter name that a document of License 1.0, License 2.0 or SaaS 1.0 prints. A query
 * value that holds `&` and one of them could be cut into parameters anew without changing its authToken, so
 * such a value is refused (contract 3.1).
 */
const KNOWN = [
  'activity',
  'amount',
  'authToken',
  'bandWidth',
  'businessId',
  'chargingMode',
  'contentType',
  'customerId',
  'customerName',
  'diskSize',
  'email',
  'expireTime',
  'instanceId',
  'instanceStatus',
  'license',
  'mobilePhone',
  'nonce',
  'orderAmount',
  'orderId',
  'orderLineId',
  'periodNumber',
  'periodType',
  'productId',
  'saasExtendParams',
  'scene',
  'signature',
  'skuCode',
  'status',
  'testFlag',
  'timeStamp',
  'timestamp',
  'trialFlag',
  'trialToFormal',
  'userId',
  'userName',
]

const KNOWN_NAMES: ReadonlySet<string> = new Set(KNOWN)

const HOLDS_KNOWN = new RegExp(`&(?:${KNOWN.join('|')})=`)
const HOLDS_ANY = /&[A-Za-z][A-Za-z0-9_]{0,63}=/
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

export const isParameterName = (text: string): boolean => NAME.test(text)

/** A parameter's name for the log. One that no document prints may be anything its sender wrote: it is not repeated. */
export const shownName = (name: string): string => (KNOWN_NAMES.has(name) ? name : 'a parameter')

/** True when a value holds `&name=` of a known parameter. */
export const holdsKnownParameter = (value: string): boolean => HOLDS_KNOWN.test(value)

/** True when a value holds `&name=` of any name a parameter could have. */
export const holdsAnyParameter = (value: string): boolean => HOLDS_ANY.test(value)
