import { describe, expect, test } from 'vitest'
import { createSyncVerifier } from '../../src/verify/index.ts'
import { engine } from '../../src/verify/node.ts'
import { asked } from './everything.ts'
import { licenseText, manifestOf, manifestText } from './kit.ts'
import { CERTIFICATES, listText, NOW, ROOT_TEXT, statementText } from './since-kit.ts'

/** A verifier, and how many signatures it has checked since it was asked last. */
function counting() {
  let count = 0
  const verifier = createSyncVerifier({
    ...engine,
    verify(publicKey, message, signature) {
      count++
      return engine.verify(publicKey, message, signature)
    },
  })
  const checks = () => {
    const counted = count
    count = 0
    return counted
  }
  return { verifier, checks }
}

describe('What was met before costs no signature check again', () => {
  const everything = asked({
    now: NOW,
    certificates: CERTIFICATES,
    manifests: [manifestText(manifestOf({ version: 2 }))],
    statement: statementText(),
    list: listText(),
    state: '',
  })

  test('manifests, certificates and the list: only code and statement are checked', () => {
    const { verifier, checks } = counting()
    expect(verifier.verifySync(licenseText(), ROOT_TEXT, everything)).toMatchObject({ valid: true })
    expect(checks()).toBe(8)
    for (let i = 0; i < 3; i++) {
      expect(verifier.verifySync(licenseText(), ROOT_TEXT, everything).valid).toBe(true)
      expect(checks()).toBe(2)
    }
  })

  test('a list is checked again for another product', () => {
    const { verifier, checks } = counting()
    const options = asked({ now: NOW, certificates: CERTIFICATES, list: listText() })
    for (const [product, expected] of [
      [1001, 5],
      [1001, 1],
      [1002, 2],
    ] as const) {
      const { warnings } = verifier.verifySync(licenseText({ product }), ROOT_TEXT, options)
      expect([warnings, checks()]).toEqual([undefined, expected])
    }
  })
})

test('What is refused by its shape costs no signature check', () => {
  const { verifier, checks } = counting()
  verifier.verifySync(licenseText(), ROOT_TEXT, { now: NOW })
  checks()
  const broken = { statement: `${statementText()}=`, list: `${listText()}=`, manifests: ['{}'], state: 'x' }
  expect(verifier.verifySync(licenseText(), ROOT_TEXT, asked({ now: NOW, ...broken })).warnings).toHaveLength(
    4,
  )
  expect(checks()).toBe(1)
})
