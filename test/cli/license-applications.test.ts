import { describe, expect, it } from 'vitest'
import type { LicenseApplication } from '../../src/authority/applications.ts'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import { DAY, START, type Stage, sold, stage } from './stage.ts'

const DEVICE = 'ab'.repeat(10)

/** One that was made and is uploaded soon, one that waits, and one that was refused. */
async function applied(): Promise<{ made: Stage; id: string }> {
  const made = await stage()
  const id = await sold(made, '--seats', '5')
  const common = { license: id, device: DEVICE, effectiveAt: START, expiresAt: START + DAY, at: START }
  await made.inside(async (authority) => {
    const { store } = authority
    const upload = newOutgoing(authority, 'huawei', 'EV-1', {
      type: 'upload_license',
      event: 'EV-1',
      text: 'T',
    })
    const code = { license: id, digest: 'd-1', revision: 1, kid: '0a1b2c3d', bytes: 'b' }
    const application: LicenseApplication = {
      ...common,
      event: 'EV-1',
      state: 'made',
      code: 'd-1',
      upload: upload.id,
    }
    const deviceCode = { ...code, device: DEVICE, at: START, worksUntil: START + 4 * DAY, ordinal: 1 }
    await store.commit({ application, deviceCode, outgoing: [upload] })
    const forAny = { ...common, device: null, expiresAt: null }
    await store.commit({ application: { ...forAny, event: 'EV-2', state: 'waiting', at: START + 1 } })
    const why = 'no_seat'
    await store.commit({ application: { ...common, event: 'EV-3', state: 'refused', why, at: START + 2 } })
  })
  return { made, id }
}

describe('licet license show', () => {
  it('tells what was applied for, and where it got to', async () => {
    const { made, id } = await applied()
    const { devices, applications } = (await made.licet('license', 'show', id, '--json')).json()
    expect(devices).toBe(1)
    expect(applications).toEqual([
      {
        event: 'EV-1',
        device: DEVICE,
        at: '2026-03-01T00:00:00Z',
        effective: '2026-03-01T00:00:00Z',
        expires: '2026-03-02T00:00:00Z',
        state: 'made',
        why: null,
        code: { revision: 1, worksUntil: '2026-03-05T00:00:00Z' },
        upload: { id: expect.stringMatching(/^[0-9a-f]{16}$/), state: 'waiting' },
      },
      {
        event: 'EV-2',
        device: null,
        at: '2026-03-01T00:00:01Z',
        effective: '2026-03-01T00:00:00Z',
        expires: null,
        state: 'waiting',
        why: null,
        code: null,
        upload: null,
      },
      expect.objectContaining({ event: 'EV-3', state: 'refused', why: 'no_seat' }),
    ])
  })

  it('shows them to a person as a table, and nothing of devices where there is none', async () => {
    const { made, id } = await applied()
    const { out } = await made.licet('license', 'show', id)
    expect(out).toMatch(/^devices +1 with a code that works$/m)
    expect(out).toMatch(/^EV-1 +(ab){10} +2026-03-01T00:00:00Z +made +2026-03-05T00:00:00Z +waiting$/m)
    expect(out).toMatch(/^EV-2 +any +\S+ +waiting +- +-$/m)
    expect(out).toMatch(/^EV-3 .* refused \(no_seat\) +- +-$/m)
    const other = await made.licet('license', 'show', await sold(made))
    expect(other.out).not.toMatch(/devices|EVENT/)
  })
})
