import { setImmediate } from 'node:timers/promises'
import { type CancellationToken, LSPErrorCodes, type RemoteConsole, ResponseError } from 'vscode-languageserver/node'

/** Thrown to answer a request that the client has taken back. */
export function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled')
}

/** @throws {ResponseError} `RequestCancelled` when the client has taken the request back. */
export function throwIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw cancelled()
}

/**
 * Lets the messages that have arrived be handled, which synchronous work would hold up. One turn of
 * the event loop reads the message, one hands it to the queue and one takes it from there.
 *
 * @throws {ResponseError} `RequestCancelled` when one of the messages took the request back.
 */
export async function yieldToMessages(token: CancellationToken): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    throwIfCancelled(token)
    await setImmediate()
  }
  throwIfCancelled(token)
}

/**
 * Wraps request handlers so that a mistake of ours gives an empty answer and a log entry, never an
 * error the user must dismiss. Errors that are meant as answers pass.
 */
export function guarded(console: Pick<RemoteConsole, 'error'>) {
  return <Arguments extends unknown[], Result>(
      request: string,
      empty: Result,
      handle: (...args: Arguments) => Result | Promise<Result>,
    ) =>
    async (...args: Arguments): Promise<Result> => {
      try {
        return await handle(...args)
      } catch (error) {
        if (error instanceof ResponseError) throw error
        console.error(`${request} failed: ${describeError(error)}`)
        return empty
      }
    }
}

/** The stack where there is one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
