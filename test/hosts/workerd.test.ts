import { afterAll, describe } from 'vitest'
import { WITHOUT_ED25519 } from './host.ts'
import { skipAll, testVectorsOn, testWithoutEd25519 } from './suite.ts'
import { startWorkers } from './workerd.ts'

const workers = await startWorkers()

if ('absent' in workers) {
  skipAll('workerd', workers.absent)
} else {
  afterAll(workers.close)

  describe(`In ${workers.name},`, () => {
    testVectorsOn(() => workers.open(''))
  })

  describe(`In ${workers.name} without Ed25519,`, () => {
    testWithoutEd25519(() => workers.open(WITHOUT_ED25519))
  })
}
