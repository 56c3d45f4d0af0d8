import type { MarketOrder } from './market.ts'
import { SCHEDULE } from './schedule.ts'
import type { Step } from './step.ts'

/** 订单通知 (reference 10): an order was paid; what it is about is asked for. */
export const noticeOf = ({ id: orderId, line: orderLineId }: MarketOrder): Step => ({
  ...{ activity: 'orderNotify', method: 'POST', members: { orderId, orderLineId } },
  ...{ business: false, schedule: SCHEDULE.order },
})
