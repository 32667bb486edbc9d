/** The command cannot run as it was asked to; the message says why and how to mend it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
