export { all, type Results } from './all.ts'
export { Channel, type Received } from './channel.ts'
export { chain, StageError, type Chain, type Stage } from './chain.ts'
export {
  contextKey,
  withCancel,
  withDeadline,
  withTimeout,
  withValue,
  type ContextKey,
  type Parent,
  type Scope,
} from './context.ts'
export { group, type Group, type GroupOptions } from './group.ts'
export { merge } from './merge.ts'
export { Mutex } from './mutex.ts'
export { once } from './once.ts'
export { pipeline, type BatchOptions, type Branches, type Pipeline, type StageOptions } from './pipeline.ts'
export { pool, type Pool, type PoolOptions, type StreamOptions } from './pool.ts'
export { race } from './race.ts'
export { RateLimiter, type RateLimiterOptions, type Reservation } from './rateLimiter.ts'
export { retry, type Attempt, type RetryOptions } from './retry.ts'
export { select, type DefaultCase, type SelectCase, type Selected } from './select.ts'
export { Semaphore, type Permit } from './semaphore.ts'
export { SingleFlight } from './singleFlight.ts'
export { sleep } from './sleep.ts'
export type { Source } from './source.ts'
export type { ItemFunction, Outcome, Task, TaskFunction, WaitOptions } from './task.ts'
export { timeout } from './timeout.ts'
export { WaitGroup } from './waitGroup.ts'
