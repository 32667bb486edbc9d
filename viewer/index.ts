export { Forest, type Aggregate } from './model/forest.ts'
export { Lane, STATE_BITS } from './model/lane.ts'
export { Lanes } from './model/lanes.ts'
