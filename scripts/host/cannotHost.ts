/** This machine lacks something that no command of ours may install unasked; the message says what and how. */
export class CannotHostError extends Error {
  override readonly name = 'CannotHostError'
}
