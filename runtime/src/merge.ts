import { cancellation } from './abortable.ts'
import { Channel } from './channel.ts'
import { Group } from './group.ts'
import { expectSource, feedOf, type Source } from './source.ts'
import { leadToAwaiter } from '#stack'

/**
 * Fans in: gives the items of all sources as they come, each source in its own order. A source is asked for its
 * next item only when the one before was taken. Leaving the loop closes the sources.
 *
 * The idea comes from the fan-in of Go, where goroutines send to one channel.
 *
 * @param sources collections, generators, streams; none is an end at once.
 * @throws TypeError at the call when an argument is not iterable; from `next` the first failure of a source, after
 * which the others are closed.
 */
export function merge<T>(...sources: readonly Source<T>[]): AsyncGenerator<T, void, undefined> {
  sources.forEach((source, index) => {
    expectSource(`sources[${index}]`, source)
  })
  return merged(sources)
}

async function* merged<T>(sources: readonly Source<T>[]): AsyncGenerator<T, void, undefined> {
  const channel = new Channel<T>()
  const pumps = new Group({ name: 'merge' }, merged, false)
  for (const source of sources) {
    void pumps.go(async ({ signal }) => {
      const feed = feedOf(source, signal)
      try {
        for (let next = await feed.pull(); next !== undefined; next = await feed.pull()) {
          await channel.send(next.item, { signal })
        }
      } finally {
        await feed.close()
      }
    })
  }
  const ended = pumps.wait().finally(() => {
    channel.close()
  })
  try {
    yield* channel
    await ended
  } catch (error) {
    leadToAwaiter(error, merged)
    throw error
  } finally {
    pumps.cancel(cancellation('The loop over the results was left'))
    await ended.catch(() => undefined)
  }
}
