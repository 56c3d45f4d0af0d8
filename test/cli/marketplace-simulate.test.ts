import { expect, test } from 'vitest'
import type { SimulateOrder } from '../../src/cli/simulating.ts'
import { emptyStage } from './stage.ts'

const ADDRESS = ['--address', 'http://127.0.0.1:8787/callbacks/huawei']
const NEEDED = [...ADDRESS, '--access-key-file', 'key.txt', '--product', 'OFFI-1']

/** What the composition would be told to play. */
async function ordered(...words: readonly string[]) {
  const orders: SimulateOrder[] = []
  const here = emptyStage({
    simulate: async (order) => {
      orders.push(order)
      return 1
    },
  })
  here.files.set('key.txt', 'the-access-key\n')
  here.files.set('kit.txt', 'the-kit-key\n')
  here.files.set('empty.txt', '\n')
  here.files.set('pair.txt', 'AK\nSK\n')
  here.files.set('script.txt', 'sell\n# nothing\nrenew 1\n')
  return { orders, ...(await here.licet('marketplace', 'simulate', ...words)) }
}

test('the least that must be said is an address, its key and a product', async () => {
  const { orders, exit } = await ordered('huawei', ...NEEDED)
  expect(exit).toBe(1)
  expect(orders).toEqual([
    {
      ...{ kind: 'huawei', address: 'http://127.0.0.1:8787/callbacks/huawei', accessKey: 'the-access-key' },
      ...{ kitAccessKey: null, credentials: null, listen: { host: '127.0.0.1', port: 8788 }, dayMs: 5_000 },
      ...{ families: ['license-1'], product: { productId: 'OFFI-1', sku: null, quantity: 1 } },
      ...{ script: null, days: null, json: false },
    },
  ])
})

test('all the rest is passed on as it was given', async () => {
  const { orders } = await ordered(
    ...['huawei', ...NEEDED, '--sku', 's', '--quantity', '7', '--family', 'saas-2', '--family', 'license-2'],
    ...[
      '--credentials-file',
      'pair.txt',
      '--kit-access-key-file',
      'kit.txt',
      '--listen',
      '[::1]:9000',
      '--json',
    ],
    ...['--day', '2m', '--script', 'script.txt', '--days', '30'],
  )
  expect(orders).toMatchObject([
    {
      ...{ kitAccessKey: 'the-kit-key', credentials: { accessKeyId: 'AK', secret: 'SK' }, dayMs: 120_000 },
      ...{ listen: { host: '::1', port: 9000 }, families: ['saas-2', 'license-2'], days: 30, json: true },
      ...{
        product: { productId: 'OFFI-1', sku: 's', quantity: 7 },
        script: ['sell', '# nothing', 'renew 1'],
      },
    },
  ])
})

test('help shows what is taken by default as it would be typed', async () => {
  const { out } = await ordered('--help')
  expect(out.replace(/\s+/g, ' ')).toMatch(/\(default: 127\.0\.0\.1:8788\) .*\(default: 5s\)/)
})

test.each<[string, readonly string[], RegExp]>([
  ['no kind', NEEDED, /missing required argument 'kind'/],
  ['no address', ['huawei', '--access-key-file', 'key.txt', '--product', 'p'], /--address/],
  ['an address that is none', ['huawei', ...NEEDED, '--address', 'callbacks'], /http or https URL/],
  ['an address with a query', ['huawei', ...NEEDED, '--address', 'http://x/?a=b'], /without a query/],
  ['an address of another kind', ['huawei', ...NEEDED, '--address', 'ftp://x/'], /http or https URL/],
  ['a day too short', ['huawei', ...NEEDED, '--day', '1ms'], /from 100ms to 24h/],
  ['a day too long', ['huawei', ...NEEDED, '--day', '25h'], /from 100ms to 24h/],
  ['a day without a unit', ['huawei', ...NEEDED, '--day', '5'], /from 100ms to 24h/],
  ['a port beyond the last', ['huawei', ...NEEDED, '--listen', '127.0.0.1:70000'], /HOST:PORT/],
  ['no port', ['huawei', ...NEEDED, '--listen', '127.0.0.1'], /HOST:PORT/],
  ['no quantity', ['huawei', ...NEEDED, '--quantity', '0'], /whole number from 1/],
  ['no days', ['huawei', ...NEEDED, '--days', '0'], /whole number from 1/],
  [
    'a key file without a key',
    ['huawei', ...ADDRESS, '--access-key-file', 'empty.txt', '--product', 'p'],
    /access key/,
  ],
  ['half a pair', ['huawei', ...NEEDED, '--credentials-file', 'key.txt'], /two lines/],
  ['a script that is not there', ['huawei', ...NEEDED, '--script', 'none.txt'], /none\.txt/],
])('%s is wrong usage, and nothing is played', async (_, words, sentence) => {
  const { exit, err, orders } = await ordered(...words)
  expect(exit).toBe(2)
  expect(err).toMatch(sentence)
  expect(orders).toEqual([])
})
