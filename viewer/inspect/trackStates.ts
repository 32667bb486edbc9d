import { endingOf } from '@forkline/trace'
import type { TrackStates } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'

/** What became of the tasks of each track that the filter lets through. */
export function trackStatesOf({ trace, tracks }: Session): TrackStates {
  const { list } = tracks
  const column = (): Uint32Array => new Uint32Array(list.length)
  const states = { running: column(), failed: column(), cancelled: column(), leaked: column() }
  for (const [track, { lanes }] of list.entries()) {
    for (const lane of lanes) {
      for (let place = 0; place < lane.length; place++) {
        const row = lane.task(place)
        const ending = endingOf(trace, row)
        if (ending !== 'ok') count(states[ending === 'cut off' ? 'running' : ending], track)
      }
    }
  }
  return states
}

function count(column: Uint32Array, track: number): void {
  column[track] = (column[track] ?? 0) + 1
}
