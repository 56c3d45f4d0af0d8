import { readUtf8 } from '../../../../format/bytes.ts'
import { type Json, readJson } from '../../../../format/json.ts'
import { membersOf, textOf } from '../../open-api/members.ts'
import { type Answered, type Books, CODE_ERRORS, failed, type MarketCode, success } from './books.ts'

const DONE = '92020000'
const MOST = 100

/** 激活授权码, 查询授权码 and 软件使用统计 (reference 4.6): the last word of the path and its version. */
export function licenses(books: Books, version: string, name: string, body: Uint8Array): Answered | null {
  const members = membersOf(jsonOf(body))
  if (members === null) return failed(400, '95000004', 'req message is not readable')
  if (name === 'software-usage-info') return softwareUsage(books, members.usage_info)
  if (name !== 'activate' && name !== 'heartbeat') return null
  const codes = version === 'v1' ? [members.license ?? null] : members.license_list
  if (!Array.isArray(codes) || codes.length === 0 || codes.length > MOST || !codes.every(isCode))
    return failed(400, '95000001', 'req param is invalid')
  const found = codes.map((code: string) => (name === 'activate' ? books.activate(code) : books.code(code)))
  const error = found.find((one): one is keyof typeof CODE_ERRORS => typeof one !== 'object')
  if (error !== undefined)
    return version === 'v1'
      ? failed(200, `${error}`, CODE_ERRORS[error])
      : failed(200, '92020020', 'Invalid license code exists.')
  if (version !== 'v1') return success(DONE)
  const code = found[0] as MarketCode
  return success(DONE, { data: name === 'activate' ? activated(code) : queried(codes[0], code) })
}

export const jsonOf = (body: Uint8Array): Json | undefined => {
  const text = readUtf8(body)
  const read = text === null ? null : readJson(text, { maxDepth: 16, duplicates: 'refuse' })
  return read?.ok ? read.value : undefined
}

const isCode = (json: unknown): boolean => typeof json === 'string' && json !== '' && json.length <= 64

const facts = ({ status, expireTime, productId, orderId, amount }: MarketCode) => ({
  status,
  ...(expireTime !== null && { expire_time: expireTime }),
  product_id: productId,
  ...(amount !== null && { amount }),
  order_id: orderId,
})

/** The facts as a JSON text inside the JSON: it is the document's. */
const activated = (code: MarketCode) => ({ license_code_info: JSON.stringify(facts(code)) })

const queried = (license: string, code: MarketCode) => ({
  license_code: license,
  ...facts(code),
  ...(code.activateTime !== null && { activate_time: code.activateTime }),
})

/** Each item says exactly one of a client's id and the number of clients. The capital I is the document's. */
function softwareUsage(books: Books, json: Json | undefined): Answered {
  const usages =
    Array.isArray(json) && json.length <= MOST ? json.map((one) => membersOf(one as Json)) : [null]
  const items = usages.flatMap((usage) => {
    const list = usage?.software_usage_Info
    return textOf(usage?.license) !== null && Array.isArray(list)
      ? list.map((one) => membersOf(one as Json))
      : [null]
  })
  const isRight = (item: ReturnType<typeof membersOf>) =>
    item !== null && (item.id === undefined) !== (item.active_num === undefined)
  if (!items.every(isRight)) return failed(400, '95000001', 'req param is invalid')
  books.usage(items.length)
  return success(DONE)
}
