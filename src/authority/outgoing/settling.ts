import { learnOrder } from '../learn.ts'
import { reconcileCode } from '../reconcile.ts'
import type { OutgoingType } from './port.ts'
import { type Settling, settleNothing } from './settle.ts'

/** What follows from each call. */
export const SETTLING: { readonly [T in OutgoingType]: Settling<T> } = {
  query_order: learnOrder,
  activate_code: settleNothing,
  activate_codes: settleNothing,
  query_code: reconcileCode,
  upload_license: settleNothing,
  report_software_usage: settleNothing,
  push_usage: settleNothing,
}
