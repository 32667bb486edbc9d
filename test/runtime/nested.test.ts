/* eslint-disable forkline/no-nested-limiter -- what comes of it is what is tested here */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { group, Mutex, pool, Semaphore } from '@forkline/runtime'
import { lookAtAll } from '../../runtime/src/stall.ts'
import { deferred, settle } from './deferred.ts'

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)))

/** Has the watch look at what has come to a stand, and waits until it has judged. */
async function beWatched(): Promise<void> {
  await settle()
  lookAtAll()
  const judged = deferred()
  // Timers of one length fire in their order.
  setTimeout(judged.resolve, 1)
  await judged.promise
}

describe('waiting for a limit while holding all of it', () => {
  it('pool.run in pool.run', async () => {
    const workers = pool({ concurrency: 1, name: 'pages' })
    async function outerCall() {
      return await workers.run(async function download() {
        await settle()
        return await workers.run(() => 'never')
      })
    }
    const error = (await outerCall().catch((reason: unknown) => reason)) as Error
    expect(error.message).toMatch(
      new RegExp(
        '^Dead-lock: The pool "pages" is full, and every task that holds a place '
          + 'waits for another place\\. One waits at download \\(.*nested\\.test\\.ts:\\d+:\\d+\\), inside the task that was '
          + 'started at outerCall \\(.*nested\\.test\\.ts:\\d+:\\d+\\)\\. Do the inner work without',
      ),
    )
    expect(error.stack).toContain('download')
    expect(error.stack).toContain('outerCall')
    expect([workers.active, workers.pending]).toEqual([0, 0])
    expect(await workers.run(() => 'still of use')).toBe('still of use')
  })

  it.each([2, 5])('%i tasks of map, each of which maps on the same pool', async (concurrency) => {
    const workers = pool({ concurrency })
    const items = Array.from({ length: concurrency }, (_, index) => index)
    const nested = workers.map(items, async (item) => {
      await settle()
      return await workers.map([item], (inner) => inner)
    })
    await expect(nested).rejects.toThrow('Dead-lock: The pool is full')
    expect([workers.active, workers.pending]).toEqual([0, 0])
  })

  it('all of several tasks, through helpers and Promise.all, with their own signals', async () => {
    const workers = pool({ concurrency: 2 })
    const helper = async (signal: AbortSignal) => {
      await settle()
      await Promise.all([workers.run(() => 1, { signal }), workers.run(() => 2, { signal })])
    }
    const outer = Promise.allSettled(
      [1, 2].map(() =>
        workers.run(async ({ signal }) => {
          await helper(signal)
        }),
      ),
    )
    const ends = await outer
    expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
    for (const end of ends) {
      if (end.status === 'rejected')
        expect(end.reason).toMatchObject({ message: expect.stringContaining('Dead-lock') as string })
    }
  })

  it('a mutex', async () => {
    const mutex = new Mutex()
    for (const again of [() => mutex.runExclusive(() => 1), () => mutex.lock()]) {
      const twice = mutex.runExclusive(async () => {
        await again()
      })
      await expect(twice).rejects.toThrow('Dead-lock: The mutex is full')
      expect(mutex.locked).toBe(false)
    }
  })

  it('a semaphore, also when permits are left but too few', async () => {
    const permits = new Semaphore(3)
    const twice = permits.use(
      async () => {
        await permits.use(() => 1, { n: 2 })
      },
      { n: 2 },
    )
    await expect(twice).rejects.toThrow('Dead-lock: The semaphore is full')
    expect([permits.available, permits.waiting]).toEqual([3, 0])
  })

  it('the limit of a group', async () => {
    const tasks = group({ limit: 1, name: 'uploads' })
    void tasks.go(async () => {
      await settle()
      await tasks.go(() => 1)
    })
    await expect(tasks.wait()).rejects.toThrow('Dead-lock: The group "uploads" is full')
  })
})

describe('what may look like it, and is none', () => {
  it('a task that starts others and does not wait for them', async () => {
    const workers = pool({ concurrency: 1 })
    const gate = deferred()
    const crawled: number[] = []
    const started: Promise<void>[] = []
    async function crawl(depth: number): Promise<void> {
      await workers.run(async () => {
        if (depth < 2) started.push(crawl(depth + 1))
        await gate.promise
        crawled.push(depth)
      })
    }
    const first = crawl(0)
    await beWatched()
    gate.resolve()
    await first
    while (started.length > 0) await started.pop()
    expect(crawled).toEqual([0, 1, 2])
  })

  it('one of two places, which another task gives back', async () => {
    const workers = pool({ concurrency: 2 })
    const gate = deferred()
    const other = workers.run(() => gate.promise)
    const nested = workers.run(async () => {
      await settle()
      return await workers.run(() => 'inner')
    })
    await beWatched()
    gate.resolve()
    expect(await nested).toBe('inner')
    await other
  })

  it('a task of another pool', async () => {
    const outer = pool({ concurrency: 1 })
    const inner = pool({ concurrency: 1 })
    const gate = deferred()
    const busy = inner.run(() => gate.promise)
    const nested = outer.run(async () => await inner.run(() => 'inner'))
    const behind = outer.run(() => 'behind')
    await beWatched()
    gate.resolve()
    expect([await nested, await behind]).toEqual(['inner', 'behind'])
    await busy
  })

  it('a wait that a signal may end', async () => {
    const permits = new Semaphore(1)
    const controller = new AbortController()
    const tried = permits.use(async () => {
      await permits.acquire(1, { signal: controller.signal }).catch(() => undefined)
      return 'gave up'
    })
    await beWatched()
    controller.abort()
    expect(await tried).toBe('gave up')
  })

  it('one of several ways on', async () => {
    const workers = pool({ concurrency: 1 })
    const gate = deferred<string>()
    const any = workers.run(async () => await Promise.any([workers.run(() => 'inner'), gate.promise]))
    await beWatched()
    gate.resolve('other')
    expect(await any).toBe('other')
  })

  it('permits that somebody else gives back', async () => {
    const permits = new Semaphore(2)
    const release = await permits.acquire()
    const nested = permits.use(async () => await permits.use(() => 'inner'))
    await beWatched()
    release()
    expect(await nested).toBe('inner')
  })

  it('a queue behind slow tasks, whose order and stacks the watch leaves alone', async () => {
    const workers = pool({ concurrency: 1 })
    const gate = deferred()
    const order: number[] = []
    const slow = workers.run(() => gate.promise)
    async function whoWaits() {
      await workers.run(async () => {
        order.push(3)
        await settle()
        throw new Error('boom')
      })
    }
    const behind = [1, 2].map((item) => workers.run(() => order.push(item)))
    const failed = whoWaits().catch((reason: unknown) => reason)
    await beWatched()
    gate.resolve()
    await Promise.all([slow, ...behind])
    const { stack } = (await failed) as Error
    expect(order).toEqual([1, 2, 3])
    expect(stack).toContain('at whoWaits (')
  })
})

describe('a process in which nothing else can happen', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forkline-nested-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it('gets the error too, and one that is done is not held up', async () => {
    const outfile = join(folder, 'nested.mjs')
    await build({
      stdin: {
        contents: `
        import { pool } from '@forkline/runtime'
        const workers = pool({ concurrency: 1 })
        await Promise.all([1, 2, 3].map(item => workers.run(async () => { await null; return item })))
        console.log(await workers.run(async () => await workers.run(() => 1)).catch(error => error.message.slice(0, 9)))
      `,
        resolveDir: ROOT,
        loader: 'ts',
      },
      outfile,
      conditions: ['source'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
    })
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 20_000 })
    expect(stdout).toBe('Dead-lock\n')
  })
})
