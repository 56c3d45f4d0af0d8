import { StoreError } from '../errors.ts'

/** Why the operator's door of a Worker gave no answer, as a sentence that says what to do. */
export function remoteError(url: string, status: number, detail: string | null): StoreError {
  switch (status) {
    case 200:
      return new StoreError('cannot_open', `${url} answers, but not as the door of a Worker of Licet does.`)
    case 401:
      return new StoreError('cannot_open', `The operator token is not the one that ${url} knows.`)
    case 404:
      return new StoreError(
        'cannot_open',
        `${url} has no door for operators: is it Licet, and has it the secret LICET_OPERATOR_TOKEN?`,
      )
    case 409:
      return new StoreError(
        'cannot_open',
        `The versions differ: this command line and the Worker at ${url} are not of the same Licet; deploy this one, or use that one.`,
      )
    case 413:
      return new StoreError('failed', `${url} takes no request as large as this one.`)
    default:
      return new StoreError('failed', detail ?? `${url} answered with HTTP status ${status}.`)
  }
}
