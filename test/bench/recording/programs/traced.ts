/** As much of the library as is compared with a build of it without tracing. */
export { pool } from '@forkline/runtime/pool'
export { Semaphore } from '@forkline/runtime/semaphore'
