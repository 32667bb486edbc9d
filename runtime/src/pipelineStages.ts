import { StageError } from './chain.ts'
import type { Stage } from './pipelineRun.ts'
import type { Task } from './task.ts'

/** How the workers of a stage work. */
export interface Workers {
  readonly concurrency: number
  readonly buffer: number
  readonly ordered: boolean
  /** Given by the user, for errors. */
  readonly name: string | undefined
  /** Position of the stage, from 0. */
  readonly position: number
}

/** @param fn gives the result of an item, or undefined when the item goes no further. */
export function workerStage(
  fn: (item: unknown, task: Task) => Promise<{ readonly value: unknown } | undefined>, workers: Workers,
): Stage {
  const { name, position } = workers
  const attempt = name === undefined ? fn : named
  return (run, upstream) => {
    const relay = run.relay<unknown>(workers.concurrency + workers.buffer, workers.ordered)
    let working = workers.concurrency
    const work = async () => {
      const { signal } = run
      try {
        while (!signal.aborted) {
          const room = relay.enter()
          if (room !== undefined) await room
          const taken = upstream.pull()
          const pulled = taken instanceof Promise ? await taken : taken
          if (pulled === undefined || run.stopped) break
          const { index, item } = pulled
          relay.put(index, await attempt(item, { signal, index }))
        }
      } catch (error) {
        run.fail(error)
      } finally {
        working--
        if (working === 0) relay.end()
      }
    }
    for (let started = 0; started < workers.concurrency; started++) run.add(work())
    return relay
  }

  async function named(item: unknown, task: Task): ReturnType<typeof fn> {
    try {
      return await fn(item, task)
    } catch (error) {
      throw new StageError(name ?? '', position, error)
    }
  }
}

/** @param maxWait milliseconds after which a batch goes on though it is not full; undefined for never. */
export function batchStage(size: number, maxWait: number | undefined): Stage {
  return (run, upstream) => {
    const { signal } = run
    // One batch may wait to be taken while the next one is being filled.
    const relay = run.relay<unknown[]>(2, true)
    let batch: unknown[] = []
    let sent = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const send = () => {
      clearTimeout(timer)
      if (batch.length === 0) return
      const value = batch
      batch = []
      relay.put(sent++, { value })
    }
    const fill = async () => {
      try {
        while (!run.stopped) {
          const pulled = await upstream.pull()
          if (pulled === undefined) break
          if (batch.length === 0) {
            await relay.enter()
            if (maxWait !== undefined && !signal.aborted) timer = setTimeout(send, maxWait)
          }
          batch.push(pulled.item)
          if (batch.length === size) send()
        }
        send()
      } catch (error) {
        run.fail(error)
      } finally {
        clearTimeout(timer)
        relay.end()
      }
    }
    signal.addEventListener('abort', () => { clearTimeout(timer) }, { once: true })
    run.add(fill())
    return relay
  }
}
