import type { IoKind } from '../names.ts'

/** Where a function takes an abort signal: the argument's position from 0, and the property if that is an options object. */
export interface KnownSlot {
  readonly index: number
  readonly property?: string
}

/** The roles that the exports of a package play, and the methods of what they make. */
export interface PackageKnowledge {
  /**
   * Kind of I/O by the name of an export or of a method of what it makes. `default` is the default export, `*` every name
   * not listed, and `memory` the kind of those that reach nothing.
   */
  readonly io?: Readonly<Record<string, IoKind>>
  /** Exports and methods that take an abort signal. */
  readonly signals?: Readonly<Record<string, KnownSlot>>
  /** Exports that make a limiter, a queue or a pool: what runs through it is bounded. `*` is every export. */
  readonly limiters?: readonly string[]
  /** Exports that make a lock. */
  readonly locks?: readonly string[]
  /** Methods of limiters and locks that run a task and wait for it; the empty name is calling the limiter itself. */
  readonly runs?: readonly string[]
  /** The option that holds the limit, where leaving it out means that there is none. */
  readonly limitOption?: string
  /** Functions that start the work for every item of their first argument at once, where no further one limits them. */
  readonly startsAll?: readonly string[]
  /** Exports that wait for a time and do nothing else. */
  readonly sleeps?: readonly string[]
  /**
   * Exports, and methods of what they make, that start what the package itself waits for, and whose failures it handles: the
   * tests of a runner, the tasks of a group.
   */
  readonly keeps?: readonly string[]
}

export type Io = Readonly<Record<string, IoKind>>

/** The same for each of these names, which are given in lines, parted by blanks. */
export function each<T>(value: T, ...lines: readonly string[]): Record<string, T> {
  return Object.fromEntries(lines.flatMap((line) => line.split(' ')).map((name) => [name, value]))
}

/** Reading a folder and copying a file are one job each for a thread of the pool, which opens and closes in it. */
export const FILES: Io = {
  ...each('file', 'readFile writeFile appendFile open opendir cp truncate createReadStream', 'createWriteStream'),
  ...each(
    'stat',
    'readdir copyFile stat lstat access unlink readlink realpath rm rmdir mkdir mkdtemp',
    'rename symlink link chmod chown utimes',
  ),
}
export const MODEL: Io = { '*': 'model' }
export const SECOND: KnownSlot = { index: 1, property: 'signal' }
export const THIRD: KnownSlot = { index: 2, property: 'signal' }
export const FIRST: KnownSlot = { index: 0, property: 'signal' }
export const AI_OPTIONS: KnownSlot = { index: 0, property: 'abortSignal' }
export const AI_SECOND: KnownSlot = { index: 1, property: 'abortSignal' }
