import type { Addressee, Reply } from '../../authority/marketplace.ts'
import { type EncryptType, encryptSensitive, type LegacyCrypto } from './sensitive.ts'

export type Sold = Reply & { readonly type: 'sold' }

/** AES-256: what the marketplace takes an unreadable type for, too (reference 3.7). */
const ENCRYPT_TYPE: EncryptType = '1'

/**
 * A purchase as SaaS 1.0 shows it to the buyer (reference 8), members in the order of the document. The license text is
 * the memo; the user name, by which support finds a license, is its instance. There is no password: nobody logs in here.
 * The marketplace refuses an instance without a front end, so this server stands for one that is not set [assumed].
 */
export function shownSale(
  crypto: LegacyCrypto,
  { instance, licenseText: memo }: Sold,
  to: Addressee | undefined,
): object {
  if (to === undefined) return { instanceId: instance, appInfo: { memo } }
  const { key, pages, issuer, random } = to
  return {
    encryptType: ENCRYPT_TYPE,
    instanceId: instance,
    appInfo: {
      frontEndUrl: pages.frontEnd ?? issuer,
      ...(pages.admin !== null && { adminUrl: pages.admin }),
      userName: encryptSensitive(crypto, ENCRYPT_TYPE, key.secret, instance, random),
      memo,
    },
  }
}
