export { Forest, type Aggregate } from './model/forest.ts'
export { Lane, STATE_BITS } from './model/lane.ts'
export { Tracks, type Track } from './model/tracks.ts'
