import { type Location, scopeLocation, type Trace } from '@forkline/trace'

/** The line that waits, or else the one that made what is waited for; null when neither is known. */
export function waitPlace(trace: Trace, row: number): Location | null {
  const { waits, locations } = trace
  const scope = (waits.scope[row] ?? 0) - 1
  return locations.at(waits.location.at(row)) ?? (scope < 0 ? null : scopeLocation(trace, scope))
}
