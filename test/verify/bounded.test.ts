import { describe, expect, test } from 'vitest'
import { bounded } from '../../src/verify/bounded.ts'

describe('A bounded map', () => {
  test('holds the last entries used, whatever came between', () => {
    const map = bounded<number, string>(10)
    map.set(-1, 'in use')
    for (let i = 0; i < 1000; i++) {
      map.set(i, `entry ${i}`)
      expect(map.get(-1)).toBe('in use')
    }
    for (let i = 991; i < 1000; i++) expect(map.get(i)).toBe(`entry ${i}`)
  })

  test('forgets what was not used while twice its limit came in', () => {
    const map = bounded<number, string>(10)
    for (let i = 0; i < 1000; i++) map.set(i, 'entry')
    const kept = Array.from({ length: 1000 }, (_, i) => i).filter((i) => map.get(i) !== undefined)
    expect(kept.length).toBeLessThanOrEqual(20)
    expect(kept[0]).toBeGreaterThanOrEqual(980)
  })

  test('takes the newer value of a key, in whichever generation the older one is', () => {
    const map = bounded<string, number>(2)
    map.set('a', 1)
    map.set('a', 2)
    expect(map.get('a')).toBe(2)
    map.set('b', 1)
    map.set('c', 1)
    map.set('a', 3)
    expect(map.get('a')).toBe(3)
  })

  test('knows nothing of a key it was never given', () => {
    expect(bounded<string, number>(2).get('a')).toBeUndefined()
  })
})
