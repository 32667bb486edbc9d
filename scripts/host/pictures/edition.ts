/** What pictures of timelines show: a pool behind a rate limit, and a group that is given up when one of it fails. */
import { group, pool, RateLimiter, sleep } from '@forkline/runtime'

const FEEDS = 30
const PAGES = 8
/** The page whose template is missing, and the one that does not mind the signal. */
const MISSING = 5
const DEAF = 2

const feeds = pool({
  concurrency: 6,
  name: 'feeds',
  rate: new RateLimiter({ limit: 30, interval: 1000, burst: 6 }),
})
await feeds.forEach(
  Array.from({ length: FEEDS }, (_, number) => number),
  async (feed, { signal }) => {
    // The last one is slow: nothing is left for the other places meanwhile.
    await sleep(feed === FEEDS - 1 ? 400 : 60 + ((feed * 37) % 140), { signal })
  },
)

const pages = group({ name: 'pages' })
for (let page = 1; page <= PAGES; page++) {
  void pages.go(async ({ signal }) => {
    if (page === MISSING) {
      await sleep(300, { signal })
      throw new Error(`The template of page ${page} is missing`)
    }
    await sleep(400 + page * 30, page === DEAF ? {} : { signal })
  })
}
await pages.wait().catch(() => undefined)
