import type { Answer } from './answers.ts'
import { advises, type Finding } from './scene.ts'
import type { Whole } from './whole.ts'

/** What the address itself owes, whatever is behind it. `nowMs` is when the answers came. */
export function addressScenes(address: string, nowMs: number): readonly Whole[] {
  const { protocol, hostname } = new URL(address)
  const common = { family: 'address', otherwise: 'The console does not take the address.' }
  return [
    {
      ...common,
      scene: 'https',
      title: { en: 'the address is https', zh: 'HTTPS地址' },
      why: 'The marketplace calls by HTTPS alone, TLS 1.2 or newer, with a certificate of a public authority.',
      judge: () => (protocol === 'https:' ? [] : [advises('it is http: the console takes https alone')]),
    },
    {
      ...common,
      scene: 'domain',
      title: { en: 'the address is a domain name', zh: '域名' },
      why: 'The marketplace calls no bare IP address and nothing on your own machine.',
      judge: () => (isPublicName(hostname) ? [] : [advises('it is an IP address or a name of this machine')]),
    },
    {
      ...common,
      scene: 'clock',
      title: { en: 'the clocks agree', zh: '服务器时间' },
      why: 'Calls are refused when the clocks are more than 60 seconds apart.',
      otherwise: 'Every call fails as long as your server has a wrong time.',
      judge: (answers) => apart(answers, nowMs),
    },
  ]
}

const isPublicName = (host: string): boolean =>
  !/^\[|^[\d.]+$/.test(host) && host !== 'localhost' && host.includes('.')

const MOST_APART_MS = 30_000

/** By the `Date` of the last answer, which a proxy may have written. */
function apart(answers: readonly Answer[], nowMs: number): readonly Finding[] {
  const date = answers.findLast(({ status }) => status !== null)?.headers.get('date')
  const theirs = date === undefined ? Number.NaN : Date.parse(date)
  const seconds = Math.round((theirs - nowMs) / 1000)
  if (!(Math.abs(theirs - nowMs) > MOST_APART_MS)) return []
  const way = seconds > 0 ? 'ahead of' : 'behind'
  return [advises(`the server is ${Math.abs(seconds)} seconds ${way} this machine`)]
}
