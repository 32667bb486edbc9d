import { settle } from './deferred.ts'

/** Blocks workers that `hold` in fixtures/work.mjs until it is opened. */
export function gate() {
  const memory = new SharedArrayBuffer(8)
  const cells = new Int32Array(memory)
  return {
    memory,
    entered: async (count: number) => {
      while (Atomics.load(cells, 1) < count) await settle()
    },
    open: () => {
      Atomics.store(cells, 0, 1)
      Atomics.notify(cells, 0)
    },
  }
}
