import type { FileReport } from '../results.ts'

/** ESLint's result format. */
export function json(reports: readonly FileReport[]): string {
  return `${JSON.stringify(reports)}\n`
}
