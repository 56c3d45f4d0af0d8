import type { RemoteRequest, RemoteStep, RemoteValue } from '../authority/remote.ts'

/** What an operator's request asks for; null for anything that is not exactly of one of the forms. */
export function readRemoteRequest(text: string): RemoteRequest | null {
  const asked = parsed(text)
  if (asked === null) return null
  const { ask, sql, values, token, steps } = asked
  switch (ask) {
    case 'rows':
      return typeof sql === 'string' && areValues(values) ? { ask, sql, values } : null
    case 'write':
      return isToken(token) && Array.isArray(steps) && steps.every(isStep) ? { ask, token, steps } : null
    case 'landed':
      return isToken(token) ? { ask, token } : null
    case 'public_url':
      return { ask }
    default:
      return null
  }
}

/** Every statement that it would run. */
export function sqlOf(asked: RemoteRequest): readonly string[] {
  switch (asked.ask) {
    case 'rows':
      return [asked.sql]
    case 'write':
      return asked.steps.map(({ sql }) => sql)
    case 'landed':
    case 'public_url':
      return []
    default:
      return asked satisfies never
  }
}

type Members = Readonly<Record<string, unknown>>

function parsed(text: string): Members | null {
  try {
    return membersOf(JSON.parse(text))
  } catch {
    return null
  }
}

const membersOf = (value: unknown): Members | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null

const isToken = (token: unknown): token is string => typeof token === 'string' && /^[0-9a-f]{25}$/.test(token)

function isStep(value: unknown): value is RemoteStep {
  const step = membersOf(value)
  if (step === null || typeof step.sql !== 'string' || !areValues(step.values)) return false
  return step.expect === undefined || step.expect === 'one' || step.expect === 'none'
}

const areValues = (values: unknown): values is readonly RemoteValue[] =>
  Array.isArray(values) &&
  values.every((value) => value === null || typeof value === 'string' || Number.isSafeInteger(value))
