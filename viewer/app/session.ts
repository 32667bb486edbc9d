import { proxy, type Remote, wrap } from 'comlink'
import type { WorkerApi } from '../worker/worker.ts'

/** Starts the worker. Its script comes as text, since a webview may only load workers from a blob. */
export function startWorker(script: string): Remote<WorkerApi> {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
  const worker = new Worker(url, { type: 'module' })
  URL.revokeObjectURL(url)
  return wrap<WorkerApi>(worker)
}

export { proxy }
