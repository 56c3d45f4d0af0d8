/** The program cannot do its work; the message is one sentence for the person who started it. Exit code 3. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}
