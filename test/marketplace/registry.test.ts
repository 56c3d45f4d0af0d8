import { expect, test } from 'vitest'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { marketplaces } from '../../src/marketplace/registry.ts'

test('the plug-ins are found by their own kind', () => {
  const found = marketplaces(nodeCrypto, legacyCrypto)
  expect([...found.keys()]).toEqual(['huawei'])
  for (const [kind, plugin] of found) expect(plugin.kind).toBe(kind)
})
