import type { OutputStream } from './host.ts'

/**
 * Writes all of the text, and settles once it has left the process. A reader that closed the pipe
 * early, as `head` does, is no failure.
 *
 * @throws Any other error of the stream.
 */
export function writeFully(stream: OutputStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve()
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !isClosedPipe(error)) reject(error)
      else resolve()
    })
  })
}

/** Whether the reader at the other end went away. */
export function isClosedPipe(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED'
}
