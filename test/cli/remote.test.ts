import { describe, expect, it, vi } from 'vitest'
import { stage } from './stage.ts'

const URL = 'https://licet.example'

describe('--remote', () => {
  it.each([
    ['before', ['--remote', URL, 'channel', 'list']],
    ['behind', ['channel', 'list', '--remote', URL]],
    ['between', ['channel', '--remote', URL, 'list']],
  ])('may stand %s the command', async (_, argv) => {
    const reach = vi.fn()
    const { licet } = await stage({ reach })
    expect((await licet(...argv)).exit).toBe(0)
    expect(reach.mock.calls).toEqual([[URL, null]])
  })

  it('takes the token from the first line of a file', async () => {
    const reach = vi.fn()
    const { licet, files } = await stage({ reach })
    files.set('token', '  token-of-the-operator  \r\nand a note\n')
    await licet('channel', 'list', '--remote', URL, '--operator-token-file', 'token')
    expect(reach.mock.calls).toEqual([[URL, 'token-of-the-operator']])
  })

  it('is not asked for a command without it', async () => {
    const reach = vi.fn()
    const { licet } = await stage({ reach })
    await licet('channel', 'list')
    expect(reach).not.toHaveBeenCalled()
  })

  it('is what a token file is for', async () => {
    const { exit, err } = await (await stage()).licet('channel', 'list', '--operator-token-file', 'token')
    expect([exit, err]).toEqual([2, expect.stringContaining('--remote URL')])
  })

  it('names a token file that is not there', async () => {
    const given = ['--remote', URL, '--operator-token-file', 'nowhere']
    const { exit, err } = await (await stage()).licet('channel', 'list', ...given)
    expect([exit, err]).toEqual([2, expect.stringContaining('nowhere')])
  })

  it.each([
    ['serve', 'wrangler deploy'],
    ['start', 'wrangler deploy'],
    ['demo', 'leave out --remote'],
    ['migrate', 'wrangler d1 migrations apply'],
  ])('is refused by %s with how the same is done', async (command, said) => {
    const reach = vi.fn()
    const { licet } = await stage({ reach })
    const { exit, err } = await licet(command, '--remote', URL)
    expect([exit, err]).toEqual([2, expect.stringContaining(said)])
    expect(reach).not.toHaveBeenCalled()
  })

  it('takes no token as an argument', async () => {
    const { exit, err } = await (await stage()).licet('channel', 'list', '--operator-token', 'secret-token')
    expect(exit).toBe(2)
    expect(err).not.toContain('secret-token')
  })
})
