import { hash } from 'node:crypto'

/** How the product names an access key. */
export const keyIdOf = (accessKey: string): string => hash('sha256', accessKey).slice(0, 8)
