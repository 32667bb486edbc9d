import { settle } from './deferred.ts'

/** The same items, each only after a while. */
export async function* asynchronously<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await settle()
    yield item
  }
}
