import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Channel } from '@forkline/runtime'
import { describe, expect, it, vi } from 'vitest'
import { work, type Report } from '../../../examples/patterns/graceful-shutdown.ts'
import { startMock, type Mock, type MockOptions } from '../../../examples/patterns/service/mock.ts'
import { paths } from '../../../examples/patterns/service/paths.ts'
import type { Common } from '../../../examples/patterns/service/service.ts'
import { abort, success, timeout } from './trial.ts'

const program = resolve(import.meta.dirname, '../../../examples/patterns/graceful-shutdown.ts')

function jobs(count: number): Channel<string> {
  const channel = new Channel<string>(count)
  for (const path of paths('/jobs', count)) void channel.send(path)
  return channel
}

/** All jobs are there, and no more will come. */
function allJobs(count: number): Channel<string> {
  const channel = jobs(count)
  channel.close()
  return channel
}

const never = new AbortController().signal

describe('graceful shutdown', () => {
  it('success: works until the jobs run out', async () => {
    const { value, seen } = await success((common) => work({ ...common, jobs: allJobs(20), stop: never, workers: 4 }))
    expect(value).toEqual({ done: 20, failed: 0, aborted: 0 })
    expect(seen.peak).toBeLessThanOrEqual(4)
  })

  it('success: told to stop, finishes what it has begun and takes no more', async () => {
    const stop = new AbortController()
    const { value, seen } = await success(
      (common) => work({ ...common, jobs: jobs(50), stop: stop.signal, workers: 4 }),
      {
        behave: ({ path }) => {
          if (path === '/jobs/9') stop.abort()
          return undefined
        },
      },
    )
    expect(value).toEqual({ done: seen.calls, failed: 0, aborted: 0 })
    expect(value.done).toBeGreaterThanOrEqual(9)
    expect(value.done).toBeLessThan(50)
  })

  it('success: told to stop while it waits for jobs, it ends', async () => {
    const { value } = await success(async (common, { seen }) => {
      const stop = new AbortController()
      const stopWhenIdle = async () => {
        await vi.waitFor(
          () => {
            expect(seen.answered).toHaveLength(3)
          },
          { interval: 1, timeout: 10_000 },
        )
        stop.abort()
      }
      const [report] = await Promise.all([work({ ...common, jobs: jobs(3), stop: stop.signal }), stopWhenIdle()])
      return report
    })
    expect(value.done).toBe(3)
  })

  it('failure: of a job is counted, and the others go on', async () => {
    const { value } = await success((common) => work({ ...common, jobs: allJobs(10), stop: never }), {
      behave: ({ path }) => (path === '/jobs/2' ? { status: 500 } : undefined),
    })
    expect(value).toEqual({ done: 9, failed: 1, aborted: 0 })
  })

  it('timeout: jobs that outlast the time of grace are aborted', async () => {
    const stop = new AbortController()
    const {
      value: { report, begun },
    } = await success(
      async (common) => ({
        report: await work({ ...common, jobs: jobs(6), stop: stop.signal, grace: 100, workers: 4 }),
        begun: common.service.made,
      }),
      {
        behave: ({ path }) => {
          if (path === '/jobs/4') stop.abort()
          return path === '/jobs/2' ? { latency: 0 } : { latency: Infinity }
        },
      },
    )
    expect(report.aborted).toBeGreaterThanOrEqual(3)
    expect(report.done + report.aborted).toBe(begun)
    expect(report.failed).toBe(0)
  })

  it('timeout: of the caller ends it at once', async () => {
    const { error } = await timeout((common: Common) => work({ ...common, jobs: jobs(9), stop: never }))
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: ends it at once', async () => {
    const { error, reason, seen } = await abort(
      (common) => work({ ...common, jobs: jobs(9), stop: never, workers: 4 }),
      4,
    )
    expect(error).toBe(reason)
    expect(seen.calls).toBe(4)
  })
})

describe('graceful shutdown of a process', () => {
  /** Sends SIGTERM to a worker process once the service has so many of its calls, and gives what it reports. */
  async function shutDown(options: MockOptions, ready: (mock: Mock) => void, grace: number) {
    const mock = await startMock(options)
    const child = spawn(process.execPath, ['--conditions=source', program, mock.url, String(grace)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const stopWhenReady = async () => {
        await vi.waitFor(
          () => {
            ready(mock)
          },
          { interval: 5, timeout: 20_000 },
        )
        child.kill('SIGTERM')
      }
      const [output] = await Promise.all([text(child.stdout), once(child, 'exit'), stopWhenReady()])
      await mock.rest()
      return { code: child.exitCode, report: JSON.parse(output) as Report, seen: mock.seen }
    } finally {
      child.kill('SIGKILL')
      await mock[Symbol.asyncDispose]()
    }
  }

  it('drains on SIGTERM: every job that it began is done', async () => {
    const { code, report, seen } = await shutDown(
      { latency: 20 },
      ({ seen }) => {
        expect(seen.answered.length).toBeGreaterThan(20)
      },
      20_000,
    )
    expect(code).toBe(0)
    expect(report).toEqual({ done: seen.answered.length, failed: 0, aborted: 0 })
    expect(seen.calls).toBe(seen.answered.length)
    expect(seen.peak).toBeLessThanOrEqual(8)
  }, 60_000)

  it('aborts what does not end in time after SIGTERM, and exits all the same', async () => {
    const { code, report, seen } = await shutDown(
      {
        behave: ({ path }) => (path === '/jobs/5' ? { latency: Infinity } : undefined),
      },
      ({ seen }) => {
        expect(seen.answered.length).toBeGreaterThan(10)
      },
      1_000,
    )
    expect(code).toBe(0)
    expect(report.aborted).toBe(1)
    expect(seen.abandoned).toBe(1)
    expect(report.done).toBe(seen.answered.length)
  }, 60_000)
})
