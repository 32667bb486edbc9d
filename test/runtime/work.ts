import { afterEach } from 'vitest'
import { threads, type Threads, type ThreadsOptions } from '@forkline/runtime'
import { asyncDispose } from '../../runtime/src/disposal.ts'

type Hold = { readonly gate: SharedArrayBuffer; readonly at?: number }

/** What fixtures/work.mjs exports. */
export interface Work {
  default(input: number): number
  where(input?: undefined): number
  hold(input: Hold): number
  buffers(input: { readonly bytes: Uint8Array }): Uint8Array
  fail(input: { readonly kind: string }): Promise<() => void>
  crash(input: { readonly code?: number }): Promise<never>
}

const URL_OF_WORK = new URL('./fixtures/work.mjs', import.meta.url)
export const opened: Threads<never>[] = []

/** Starts threads of fixtures/work.mjs, which are disposed of after the test. */
export function start(options?: ThreadsOptions): Threads<Work> {
  const started = threads<Work>(URL_OF_WORK, options)
  opened.push(started as never)
  return started
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each[asyncDispose]()))
})
