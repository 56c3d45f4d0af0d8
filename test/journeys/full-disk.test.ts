import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fakeHuawei } from '../support/fake-huawei/index.ts'
import { CAN_MOUNT, inOwnMounts } from '../support/own-mounts.ts'
import { BIN, untilListening } from '../support/program.ts'
import { purchase, SHOP_KEY, shop } from '../support/shop.ts'

/** Fills the small disk while the file `full` is there, and empties it when that is gone. */
const FILLING = `
  while [ ! -e "$PLACE/full" ]; do sleep 0.05; done
  head -c 64m /dev/zero > "$PLACE/disk/filler" 2>/dev/null
  while [ -e "$PLACE/full" ]; do sleep 0.05; done
  rm "$PLACE/disk/filler"`

const SERVING = `
  mount -t tmpfs -o size=24m licet "$PLACE/disk" && cp -a "$PLACE/data/." "$PLACE/disk" || exit 9
  (${FILLING}) &
  exec "${process.execPath}" "${BIN}" serve`

it.skipIf(!CAN_MOUNT)(
  'a disk that fills up refuses sales and loses none; with room again they go through',
  async () => {
    const seller = await shop()
    onTestFinished(() => seller.remove())
    const place = join(seller.data, '..')
    mkdirSync(join(place, 'disk'))
    const [command, args] = inOwnMounts(SERVING)
    const env = { ...process.env, PLACE: place, LICET_DATA: join(place, 'disk'), LICET_PORT: '0' }
    const server = await untilListening(spawn(command, args, { env }))
    onTestFinished(async () => void (await server.stop()))
    const huawei = fakeHuawei({
      address: `${server.url}/callbacks/huawei`,
      accessKey: SHOP_KEY,
      timeCompression: 36_000,
    })
    const buy = async (order: string) => {
      const began = performance.now()
      const { body } = await huawei.send(huawei.caller.getLicense(purchase(order), huawei.moment()))
      expect(performance.now() - began).toBeLessThan(4_000)
      return JSON.parse(body)
    }
    const ready = async () => {
      const response = await fetch(`${server.url}/readyz`)
      return { status: response.status, reasons: (await response.json()).reasons }
    }

    const before = await buy('CS-BEFORE')
    expect(before).toMatchObject({ resultCode: '000000' })
    writeFileSync(join(place, 'full'), '')
    await expect.poll(ready, { timeout: 10_000 }).toEqual({ status: 503, reasons: ['database_not_writable'] })
    for (const order of ['CS-1', 'CS-2']) expect(await buy(order)).toMatchObject({ resultCode: '000005' })
    await expect.poll(server.said).toContain('no space left')

    rmSync(join(place, 'full'))
    await expect.poll(ready, { timeout: 10_000 }).toEqual({ status: 200, reasons: [] })
    for (const order of ['CS-1', 'CS-2']) expect(await buy(order)).toMatchObject({ resultCode: '000000' })
    expect(await buy('CS-BEFORE')).toEqual(before)
  },
)
