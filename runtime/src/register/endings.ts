import type { Recorder } from '../trace/recorder.ts'
import { atExit } from './atExit.ts'

/** Node's own names for what people do not mean when they ask what is still open: the terminal, and pipes to it. */
const OWN = new Set(['TTYWrap', 'PipeWrap'])

/** Records errors and rejections that nobody handled. A monitor is told, and changes nothing. */
export function recordUnhandled(recorder: Recorder): void {
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    if (origin === 'unhandledRejection') recorder.unhandled(error)
  })
}

/**
 * Records what would have kept the process alive when it ended nevertheless, by `process.exit` or an error. To listen
 * to the signals that end a process would change what they do, so of those there is nothing.
 */
export function recordAlive(recorder: Recorder): void {
  atExit.add(() => {
    const counts = new Map<string, number>()
    for (const resource of process.getActiveResourcesInfo()) counts.set(resource, (counts.get(resource) ?? 0) + 1)
    for (const [resource, count] of counts) {
      if (!OWN.has(resource)) recorder.alive(count, resource)
    }
  })
}
