import { setTimeout as sleep } from 'node:timers/promises'

interface TrendsJob {
  readonly done: boolean
  readonly topics: readonly string[]
}

/** Waits until the analysis at `url` is done; rejects when `signal` is aborted. */
export async function waitForTrends(url: string, signal: AbortSignal): Promise<readonly string[]> {
  for (;;) {
    signal.throwIfAborted()
    const response = await fetch(url)
    const job = (await response.json()) as TrendsJob
    if (job.done) return job.topics
    await sleep(1_200)
  }
}
