/**
 * Graceful shutdown: told to stop, a worker takes no more jobs and finishes those it has begun. If that takes longer
 * than it has been given, they are aborted. Go: signal.NotifyContext, a WaitGroup, and a context with a time limit.
 */
import { once } from 'node:events'
import { Channel, pool, race, sleep } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { Service, type Common } from './service/service.ts'

export interface WorkerOptions extends Common {
  readonly jobs: Channel<string>
  /** Shuts the worker down in good order when it aborts. */
  readonly stop: AbortSignal
  /** Milliseconds from then on after which jobs that still run are aborted. Default: 10 s. */
  readonly grace?: number
  readonly workers?: number
}

export interface Report {
  done: number
  failed: number
  /** Jobs that were begun and aborted. */
  aborted: number
}

/** Works until the jobs run out or it is told to stop, and tells what became of the jobs it began. */
export async function work({
  service,
  signal,
  jobs,
  stop,
  grace = 10_000,
  workers = 8,
}: WorkerOptions): Promise<Report> {
  const report: Report = { done: 0, failed: 0, aborted: 0 }
  const late = new Error(`Jobs were still running ${grace} ms after the request to stop`)
  try {
    await race<unknown>(
      [
        (task) => {
          const pending = pool({ concurrency: workers, signal: task.signal, name: 'jobs' })
          return pending.forEach(until(stop, jobs), async (job, call) => {
            try {
              await service.post(job, {}, { signal: call.signal })
              report.done++
            } catch {
              if (call.signal.aborted) report.aborted++
              else report.failed++
            }
          })
        },
        async (task) => {
          if (!stop.aborted) await once(stop, 'abort', { signal: task.signal })
          await sleep(grace, { signal: task.signal })
          throw late
        },
      ],
      { signal },
    )
  } catch (error) {
    if (error !== late) throw error
  }
  return report
}

async function* until(stop: AbortSignal, jobs: Channel<string>): AsyncGenerator<string> {
  while (!stop.aborted) {
    // A receive that is aborted has taken nothing from the channel.
    const next = await jobs.receive({ signal: stop }).catch((error: unknown) => {
      if (!stop.aborted) throw error
    })
    if (next === undefined || next.done) return
    yield next.value
  }
}

/** Jobs without end, as a queue hands them out. Calls `onJob` before each. */
function endlessJobs(stop: AbortSignal, onJob: (number: number) => void = () => undefined): Channel<string> {
  const jobs = new Channel<string>()
  const produce = async () => {
    for (let number = 1; ; number++) {
      onJob(number)
      await jobs.send(`/jobs/${number}`, { signal: stop })
    }
  }
  // Ends with the rejection of the send that the stop interrupts.
  produce().catch(() => {
    jobs.close()
  })
  return jobs
}

/** Works on the service's jobs until this process gets a SIGTERM. */
async function workUntilSigterm(service: Service, grace: number, onJob?: (number: number) => void): Promise<Report> {
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  return work({ service, jobs: endlessJobs(stop.signal, onJob), stop: stop.signal, grace })
}

if (import.meta.main) {
  const [, , url, grace = '10000'] = process.argv
  if (url !== undefined) {
    // A worker for a service elsewhere: `npm run pattern graceful-shutdown http://127.0.0.1:8080 5000`.
    const service = new Service(url)
    console.log(JSON.stringify(await workUntilSigterm(service, Number(grace))))
    service.close()
  } else {
    await compare('Graceful shutdown', {
      mock: { latency: 20 },
      sequential: async ({ service, signal }) => {
        for (let number = 1; number <= 47; number++) await service.post(`/jobs/${number}`, {}, { signal })
      },
      concurrent: ({ service }) =>
        workUntilSigterm(service, 10_000, (number) => {
          if (number === 48) process.kill(process.pid, 'SIGTERM')
        }),
      tell: ({ done, aborted }, seen) =>
        `SIGTERM came with job 48: ${done} jobs done, ${aborted} aborted, ${seen.inFlight} left behind`,
    })
  }
}
