import type { Step } from '../engine.ts'

/** All steps of one use case. */
export type Item = readonly Step[]

/** Two that look for the same row before they insert it find nothing, both of them, unless the server sees to it. */
export const isAboutAbsence = (item: Item): boolean => item.some(({ expect }) => expect === 'none')

/** Whether a step may have changed or found this many rows. */
export function isExpected({ expect }: Step, rows: number): boolean {
  switch (expect) {
    case undefined:
      return true
    case 'one':
      return rows === 1
    case 'none':
      return rows === 0
    default:
      return expect satisfies never
  }
}
