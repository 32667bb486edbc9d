import type { threads as real } from './threads.ts'

/** Stands in where there are no worker threads, so that code which only mentions `threads` can be bundled. */
export const threads: typeof real = () => {
  throw new Error(
    '`threads` needs the worker threads of Node, which there are none of here: '
      + 'this is the build of @forkline/runtime for browsers. Use a Worker of the browser',
  )
}
