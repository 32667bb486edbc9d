import { milliseconds, type ScopeSummary, type WorkerSummary } from '@forkline/trace'
import type pico from 'picocolors'
import { columns, placeText, printable } from './texts.ts'

/** So many workers are listed. */
const MOST_WORKERS = 64

/** What the workers of each thread pool did, and what they took from one another. */
export function workerLines(
  scopes: readonly ScopeSummary[],
  cwd: string,
  colors: ReturnType<typeof pico.createColors>,
): string[] {
  const rows = scopes.flatMap((scope) =>
    (scope.workers ?? []).map((worker) => [
      scope.name === null ? '' : printable(scope.name, 40),
      String(worker.slot),
      String(worker.tasks),
      milliseconds(worker.busyMs),
      stolen(worker),
      scope.location === null ? '' : placeText(scope.location, cwd),
    ]),
  )
  if (rows.length === 0) return []
  const head = ['THREADS', 'WORKER', 'TASKS', 'BUSY', 'TOOK FROM OTHERS', 'WHERE']
  const [title = '', ...lines] = columns([head, ...rows.slice(0, MOST_WORKERS)], new Set([1, 2, 3]))
  const rest = rows.length - MOST_WORKERS
  return ['', colors.dim(title), ...lines, ...(rest > 0 ? [`and ${String(rest)} more; --format json lists all`] : [])]
}

function stolen({ stole }: WorkerSummary): string {
  return stole.map(({ from, tasks }) => `${String(tasks)} from worker ${String(from)}`).join(', ')
}
