/** All of it, for Node and what is like it. */
export * from './everywhere.ts'
export { threads } from './threads/threads.ts'
export type {
  ThreadCall,
  ThreadLimits,
  Threads,
  ThreadsMapOptions,
  ThreadsOptions,
  ThreadsRunOptions,
} from './threads/types.ts'
