/** What there is where there is no Node. */
export * from './everywhere.ts'
export { threads } from './threads/unavailable.ts'
export type { ThreadCall, Threads, ThreadsMapOptions, ThreadsOptions, ThreadsRunOptions } from './threads/types.ts'
