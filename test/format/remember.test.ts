import { expect, test } from 'vitest'
import { remember } from '../../src/format/remember.ts'

test('a memory gives back what it was given, and nothing of a key it was never given', () => {
  const memory = new Map<string, number>()
  expect(remember(memory, 2, 'a', 1)).toBe(1)
  expect(remember(memory, 2, 'b', 2)).toBe(2)
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([1, 2, undefined])
})

test('a memory never holds more than its limit, and always the last', () => {
  const memory = new Map<string, number>()
  for (let i = 0; i < 1000; i++) {
    remember(memory, 10, `entry ${i}`, i)
    expect(memory.size).toBeLessThanOrEqual(10)
    expect(memory.get(`entry ${i}`)).toBe(i)
  }
})

test('a full memory fills anew with what is in use', () => {
  const memory = new Map<string, number>()
  for (let i = 0; i < 25; i++) {
    remember(memory, 10, `passing ${i}`, i)
    if (!memory.has('in use')) remember(memory, 10, 'in use', -1)
  }
  expect(memory.get('in use')).toBe(-1)
  expect(memory.has('passing 0')).toBe(false)
})
