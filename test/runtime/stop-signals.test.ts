import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { stopSignals } from '../../src/runtime/stop-signals.ts'

function signalled() {
  const process = new EventEmitter()
  let time = 1_000
  const { first, second } = stopSignals(process as unknown as NodeJS.Process, () => time)
  const heard: string[] = []
  void first.then(() => heard.push('first'))
  void second.then(() => heard.push('second'))
  return {
    async send(signal: string, later = 0) {
      time += later
      process.emit(signal)
      await new Promise((resolve) => setImmediate(resolve))
      return heard
    },
  }
}

test.each(['SIGTERM', 'SIGINT'])('%s asks to stop', async (signal) => {
  expect(await signalled().send(signal)).toEqual(['first'])
})

test('a second one, of either kind, asks to stop at once', async () => {
  const { send } = signalled()
  await send('SIGINT')
  expect(await send('SIGTERM', 2_000)).toEqual(['first', 'second'])
})

test('the same Control-C heard twice, from the terminal and from npm, is one', async () => {
  const { send } = signalled()
  await send('SIGINT')
  expect(await send('SIGINT', 30)).toEqual(['first'])
  expect(await send('SIGINT', 1_000)).toEqual(['first', 'second'])
})
