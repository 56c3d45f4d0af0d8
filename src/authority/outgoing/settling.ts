import { learnOrder } from '../learn.ts'
import { reconcileCode } from '../reconcile.ts'
import type { OutgoingType } from './port.ts'
import { isProof, settleProof } from './proof.ts'
import { type Settling, settleNothing } from './settle.ts'

const settleOrder: Settling<'query_order'> = (authority, made, learnt) =>
  isProof(made.queued) ? settleProof(authority, made.queued) : learnOrder(authority, made, learnt)

/** What follows from each call. */
export const SETTLING: { readonly [T in OutgoingType]: Settling<T> } = {
  query_order: settleOrder,
  activate_code: settleNothing,
  activate_codes: settleNothing,
  query_code: reconcileCode,
  upload_license: settleNothing,
  report_software_usage: settleNothing,
  push_usage: settleNothing,
}
