import type { Crypto } from '../../../../authority/host.ts'
import { toHex, utf8 } from '../../../../format/bytes.ts'
import { membersOf, textOf } from '../../open-api/members.ts'
import { type Answered, type Books, failed } from './books.ts'
import { jsonOf } from './licenses.ts'
import type { Arrived } from './sdk-check.ts'

const MOST_CHARACTERS = 1024

/** 字符串/文件流上传 (reference 6.8): the license of an application, as characters or as a file with its digest. */
export async function uploads(
  crypto: Pick<Crypto, 'sha256'>,
  books: Books,
  event: string,
  arrived: Arrived,
): Promise<Answered> {
  if (!books.expects(event)) return failed(200, '91381034', 'license apply invalid')
  const text = await textIn(crypto, arrived)
  if (text === null) return failed(200, '91381037', 'Invalid license format.')
  books.uploaded(event, text)
  return { status: 200, json: { error_code: 'CBC.0000', error_msg: 'Success' } }
}

async function textIn(crypto: Pick<Crypto, 'sha256'>, arrived: Arrived): Promise<string | null> {
  const form = await formOf(arrived)
  const part = form?.get('isvUpdateFileReq') ?? null
  if (form === null || part === null) return null
  const about = membersOf(jsonOf(await bytesOf(part)))
  if (about?.type === 'CHARACTERS') {
    const characters = textOf(about.characters)
    return characters !== null && characters.length <= MOST_CHARACTERS ? characters : null
  }
  const file = form.get('file')
  if (about?.type !== 'FILE' || textOf(about.file_name) === null || file === null) return null
  const content = await bytesOf(file)
  return toHex(crypto.sha256(content)) === about.sha256 ? new TextDecoder().decode(content) : null
}

async function formOf({ headers, body }: Arrived): Promise<FormData | null> {
  try {
    const type = headers['content-type'] ?? ''
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  } catch {
    return null
  }
}

const bytesOf = async (part: FormDataEntryValue): Promise<Uint8Array> =>
  typeof part === 'string' ? utf8(part) : new Uint8Array(await part.arrayBuffer())
