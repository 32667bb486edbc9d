import { StageError } from './chain.ts'
import type { Run, Work } from './run.ts'
import { openScopeAt, placeWithin } from '#traced'

/** Adds itself to a run: takes what comes out of it, and says where its own results come out. */
export type Stage = (run: Run) => void

/** How the workers of a stage work. */
export interface Workers {
  readonly concurrency: number
  readonly buffer: number
  readonly ordered: boolean
  /** Given by the user, for errors. */
  readonly name: string | undefined
  /** The method that made it, for recordings of stages without a name. */
  readonly method: string
  /** Position of the stage, from 0. */
  readonly position: number
  /** Where it was added to the pipeline; undefined while nothing is recorded. */
  readonly place: string | undefined
}

export function workerStage(fn: Work<unknown>, workers: Workers): Stage {
  const { concurrency, buffer, ordered, name, method, position, place } = workers
  const named: Work<unknown> = async (item, task) => {
    try {
      return await fn(item, task)
    } catch (error) {
      throw new StageError(name ?? '', position, error)
    }
  }
  return (run) => {
    const relay = run.relay(concurrency + buffer, ordered)
    openScopeAt(relay, 'stage', name ?? `${position + 1}. ${method}`, concurrency, place)
    placeWithin(relay, run)
    run.work(name === undefined ? fn : named, concurrency, relay)
  }
}

/** @param maxWait milliseconds after which a batch goes on though it is not full; undefined for never. */
export function batchStage(size: number, maxWait: number | undefined): Stage {
  return (run) => {
    const upstream = run.outlet
    // One batch may wait to be taken while the next one is being filled.
    const relay = run.relay<unknown>(2, false)
    let batch: unknown[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const send = () => {
      clearTimeout(timer)
      if (batch.length > 0) relay.put(0, { value: batch })
      batch = []
    }
    run.start(
      async () => {
        try {
          for (let pulled = await upstream.pull(); pulled !== undefined; pulled = await upstream.pull()) {
            if (batch.length === 0) {
              await relay.enter()
              if (run.stopped) return
              if (maxWait !== undefined) timer = setTimeout(send, maxWait)
            }
            batch.push(pulled.item)
            if (batch.length === size) send()
          }
          send()
        } finally {
          clearTimeout(timer)
        }
      },
      1,
      relay,
    )
  }
}
