/** Purposes sealed private keys open as. */
export const signingKeyPurpose = (kid: string): string => `signing-key:${kid}`
export const developmentRootPurpose = (kid: string): string => `development-root:${kid}`
