import { type Remote, wrap } from 'comlink'
import workerScript from 'forkline:worker'
import type { WorkerApi } from '../worker/worker.ts'

/** Starts the worker. Its script lies in this one as text, since a webview may only load workers from a blob. */
export function startWorker(): Remote<WorkerApi> {
  const url = URL.createObjectURL(new Blob([workerScript], { type: 'text/javascript' }))
  const worker = new Worker(url)
  URL.revokeObjectURL(url)
  return wrap<WorkerApi>(worker)
}
