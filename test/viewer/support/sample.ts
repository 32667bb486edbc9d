import { RECORDS, WAITS } from '../../../runtime/src/trace/format.ts'
import { RecordingBuilder } from './recording.ts'

const ARTICLES = 48

/** A recording with something of everything: a pool behind a rate limit, a group that is cancelled, leaks, a stall. */
export function sampleRecording(): Uint8Array {
  const recording = new RecordingBuilder(['node', 'news-pipeline.js'])
  const random = numbers(7)
  const edition = recording.scope('group', 'edition', 0, { location: 'makeEdition@/work/news/src/edition.ts:12:17' })
  const main = recording.start(edition, 1, { name: 'edition of today', location: '@/work/news/src/edition.ts:14:5' })

  const feeds = recording.scope('pool', 'fetch feeds', 4, {
    limit: 6,
    task: main,
    location: 'fetchFeeds@/work/news/src/feeds.ts:21:23',
  })
  const rate = recording.scope('rateLimiter', 'api.news.example', 4, { location: 'feeds@/work/news/src/feeds.ts:9:20' })
  const free = [5, 5, 5, 5, 5, 5]
  const waiting: (readonly [at: number, task: number])[] = []
  for (let article = 0; article < ARTICLES; article++) waiting.push([5, recording.queue(feeds, 5, main)])
  for (const [number, [, task]] of waiting.entries()) {
    const slot = free.indexOf(Math.min(...free))
    const start = (free[slot] ?? 0) + 0.3
    const took = 18 + random() * 60 + (number === 17 ? 260 : 0)
    const held = random() * 12
    recording.start(feeds, start, {
      slot,
      task,
      name: `GET /feeds/${String(number)}`,
      location: 'fetchFeed@/work/news/src/feeds.ts:33:9',
    })
    recording.wait(WAITS.rate, task, rate, start + 0.2, start + 0.2 + held)
    free[slot] = start + took
    if (number % 13 === 6)
      recording.end(
        task,
        start + took,
        'failed',
        `Error: 503 from feed ${String(number)}\n    at fetchFeed (/work/news/src/feeds.ts:36:11)`,
      )
    else recording.end(task, start + took)
  }
  const fetched = Math.max(...free)
  recording.endScope(feeds, fetched)

  const rating = recording.scope('group', 'rate articles', fetched + 2, {
    task: main,
    location: 'rateAll@/work/news/src/sentiment.ts:40:3',
  })
  const cancelAt = fetched + 130
  const raters: number[] = []
  for (let number = 0; number < 14; number++) {
    raters.push(
      recording.start(rating, fetched + 3 + number * 2, { parent: main, name: `rate article ${String(number)}` }),
    )
  }
  for (const [number, task] of raters.entries()) {
    if (number < 6) recording.end(task, fetched + 40 + number * 11)
    else if (number === 6)
      recording.end(
        task,
        cancelAt,
        'failed',
        'Error: model overloaded\n    at rate (/work/news/src/sentiment.ts:52:13)',
      )
  }
  recording.put(RECORDS.cancel, 2, rating, cancelAt, raters[6] ?? 0, recording.text('Error: model overloaded'))
  for (const [number, task] of raters.slice(7).entries()) {
    recording.put(RECORDS.cancelReach, 0, task, cancelAt + 0.2 + number * 0.1, rating)
    recording.end(task, number === 6 ? cancelAt + 190 : cancelAt + 1 + number * 3, 'cancelled')
  }
  recording.endScope(rating, cancelAt + 60, 'failed')

  const images = recording.scope('all', '', cancelAt + 8, {
    task: main,
    location: 'thumbnails@/work/news/src/images.ts:8:11',
  })
  const thumbnails = Array.from({ length: 9 }, (_, number) =>
    recording.start(images, cancelAt + 9 + number, { name: `thumbnail ${String(number)}` }),
  )
  recording.put(RECORDS.stall, 0, 0, cancelAt + 70, 85_000, recording.text('resize@/work/news/src/images.ts:31:5'))
  for (const [number, task] of thumbnails.slice(0, 8).entries()) recording.end(task, cancelAt + 60 + number * 14)
  recording.endScope(images, cancelAt + 160)
  recording.end(main, cancelAt + 205)
  recording.endScope(edition, cancelAt + 206)
  recording.put(
    RECORDS.unhandled,
    0,
    thumbnails[3] ?? 0,
    cancelAt + 140,
    recording.text('TypeError: image has no width\n    at resize (/work/news/src/images.ts:44:7)'),
  )
  return recording.bytes(cancelAt + 240)
}

/** Numbers from 0 to 1 that are the same in every run. */
export function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}
