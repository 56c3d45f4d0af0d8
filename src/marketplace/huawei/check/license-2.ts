import type { Members, Moment } from '../caller.ts'
import { inAYear, inAYearLong } from './dates.ts'
import type { Case, Family, Props } from './scene.ts'

const SIXTY = 'The marketplace tries again every two minutes, 60 times; then you restart the call by hand.'

const refreshed =
  (scene: string, expireTime: (moment: Moment) => string) =>
  ({ order, line, code }: Props, moment: Moment): Members => ({
    activity: 'refreshLicenseCode',
    scene,
    orderId: order,
    orderLineId: line,
    license: code,
    expireTime: expireTime(moment),
  })

const renewal: Case = {
  scene: 'refreshLicenseCode-RENEWAL',
  title: { en: 'refreshLicenseCode, RENEWAL', zh: '更新授权码有效期(续费)' },
  // Reference 4.2.
  fields: refreshed('RENEWAL', inAYear),
  why: 'A buyer who renews has paid for a later end.',
  otherwise: SIXTY,
}

const changes: readonly Case[] = [
  {
    ...renewal,
    scene: 'refreshLicenseCode-RENEWAL-product',
    title: {
      en: 'refreshLicenseCode, RENEWAL with another period',
      zh: '更新授权码有效期(续费,变更周期类型)',
    },
    fields: (props, moment) => ({ ...renewal.fields(props, moment), productId: 'CHECK-PRODUCT' }),
  },
  {
    ...renewal,
    scene: 'refreshLicenseCode-17-digits',
    title: { en: 'refreshLicenseCode, expireTime of 17 digits', zh: '更新授权码有效期(17位过期时间)' },
    // Reference 3.13.
    fields: refreshed('RENEWAL', inAYearLong),
    why: 'Tables say 14 digits, examples of other families have 17.',
  },
  {
    ...renewal,
    scene: 'refreshLicenseCode-UNSUBSCRIBE_RENEWAL_PERIOD',
    title: {
      en: 'refreshLicenseCode, UNSUBSCRIBE_RENEWAL_PERIOD',
      zh: '更新授权码有效期(退订续费周期)',
    },
    fields: refreshed('UNSUBSCRIBE_RENEWAL_PERIOD', inAYear),
    why: 'A renewal that was taken back sets the end back, too.',
  },
  {
    ...renewal,
    scene: 'refreshLicenseCode-TRIAL_TO_FORMAL',
    title: { en: 'refreshLicenseCode, TRIAL_TO_FORMAL', zh: '更新授权码有效期(试用转正)' },
    fields: refreshed('TRIAL_TO_FORMAL', inAYear),
    optional: 'only the marketplace’s sample program has this scene',
    why: 'A buyer who liked the trial has paid.',
  },
]

const status = (word: 'FREEZE' | 'UNFREEZE', zh: string, why: string): Case => ({
  scene: `updateLicenseCodeStatus-${word}`,
  title: { en: `updateLicenseCodeStatus, ${word}`, zh: `变更授权码状态(${zh})` },
  // Reference 4.3.
  fields: ({ code }) => ({ activity: 'updateLicenseCodeStatus', license: code, status: word }),
  why,
  otherwise: SIXTY,
})

const release: Case = {
  scene: 'releaseLicenseCode',
  title: { en: 'releaseLicenseCode', zh: '释放授权码' },
  // Reference 4.4.
  fields: ({ code }) => ({ activity: 'releaseLicenseCode', license: code }),
  why: 'A code past its retention ends by this call.',
  otherwise: SIXTY,
}

const unsubscription: Case = {
  ...release,
  scene: 'releaseLicenseCode-order',
  title: { en: 'releaseLicenseCode, by an unsubscription', zh: '释放授权码(退订)' },
  fields: ({ code, order, line }) => ({
    activity: 'releaseLicenseCode',
    license: code,
    orderId: order,
    orderLineId: line,
  }),
  why: 'A code whose order was unsubscribed ends by this call.',
}

/** Reference 4. */
export const LICENSE_2: Family = {
  name: 'license-2',
  title: { en: 'License 2.0', zh: '联营License授权码 2.0' },
  call: ({ base }, fields, moment) => base.post({ ...fields, testFlag: '1' }, moment),
  signedBy: 'nonce',
  hasActivity: true,
  mandatory: 'license',
  cases: [
    renewal,
    ...changes,
    status('FREEZE', '冻结', 'A code past its grace, or misused, stops by this call.'),
    status('UNFREEZE', '解冻', 'A buyer who paid again waits for this call.'),
    release,
    unsubscription,
  ],
}
