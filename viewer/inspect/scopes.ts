import type { Session } from '../worker/session.ts'

/** The scopes that came from the line of a track, as rows; -1 for the tasks of none. */
export function scopesOf({ trace, tracks }: Session, track: number): number[] {
  if (tracks.list[track]?.firstScope === -1) return [-1]
  const rows: number[] = []
  for (let scope = 0; scope < trace.scopes.length; scope++) if (tracks.ofScope(scope) === track) rows.push(scope)
  return rows
}
