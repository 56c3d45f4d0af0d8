import { expect, test } from 'vitest'
import { readQuery } from '../../../src/marketplace/huawei/query.ts'

test.each([
  ['', {}],
  ['&', {}],
  ['a=1&b=2', { a: '1', b: '2' }],
  ['&a=1&&b=2&', { a: '1', b: '2' }],
  ['a', { a: '' }],
  ['a=', { a: '' }],
  ['a==', { a: '=' }],
  ['a=b=c', { a: 'b=c' }],
  ['%61=1', { a: '1' }],
  ['A=1&a=2', { A: '1', a: '2' }],
  ['constructor=1&toString=2', { constructor: '1', toString: '2' }],
  [`${'n'.repeat(64)}=1`, { ['n'.repeat(64)]: '1' }],
])('%j is read', (raw, values) => {
  expect(readQuery(raw)).toEqual({ values: new Map(Object.entries(values)), fault: null, recut: null })
})

test.each([
  ['orderId=1&orderId=1', 'orderId: repeated'],
  ['orderId=1&%6frderId=2', 'orderId: repeated'],
  ['a=1&a=1', 'a parameter: repeated'],
  ['=', 'a parameter name'],
  ['__proto__=1', 'a parameter name'],
  ['a.b=1', 'a parameter name'],
  ['a[]=1', 'a parameter name'],
  ['a+b=1', 'a parameter name'],
  ['a%00=1', 'a parameter name'],
  ['1a=1', 'a parameter name'],
  ['%ff=1', 'a parameter name'],
  [`${'n'.repeat(65)}=1`, 'a parameter name'],
  ['email=%', 'email: not percent-encoded UTF-8'],
  ['a=%', 'a parameter: not percent-encoded UTF-8'],
  ['a=%ff', 'a parameter: not percent-encoded UTF-8'],
  ['a=\u00e4', 'a parameter: not percent-encoded UTF-8'],
  ['a=%&b=1&b=2', 'a parameter: not percent-encoded UTF-8'],
])('%j has no single reading', (raw, fault) => {
  expect(readQuery(raw).fault).toBe(fault)
})

test('of a faulty query what can be read is there, and of a repeated name the first', () => {
  expect(readQuery('b=%&a=1&a=2&c=3').values).toEqual(
    new Map([
      ['a', '1'],
      ['c', '3'],
    ]),
  )
})

test.each([
  ['userId=1%26orderId%3D2', 'userId'],
  ['a=1&email=%26authToken%3D', 'email'],
  ['a=1%26%6frderId=2', 'a parameter'],
  ['a=orderId%3D2', null],
  ['a=1%26orderID%3D2', null],
  ['a=1%26orderId', null],
  ['a=1%26+orderId%3D2', null],
  ['a=1%2526orderId%253D2', null],
])('%j: the parameter that holds another is %j', (raw, recut) => {
  expect(readQuery(raw)).toMatchObject({ fault: null, recut })
})
