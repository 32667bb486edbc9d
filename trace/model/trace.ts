import type { Damage } from '../reader/damage.ts'
import type { RecordingHeader } from '../reader/header.ts'
import { Locations } from './location.ts'
import { Strings } from './strings.ts'
import {
  AliveTable,
  CancelTable,
  LevelTable,
  PauseTable,
  ReachTable,
  ScopeTable,
  StallTable,
  StartTable,
  StealTable,
  TaskTable,
  UnawaitedTable,
  UnhandledTable,
  WaitTable,
} from './tables.ts'

export interface Thread {
  name: string
  /** Which of the trace's recordings it is in. */
  readonly recording: number
  /** How much of it found no room in memory and was left out. */
  readonly dropped: { records: number; strings: number }
}

/** One process of the run. */
export interface Recording {
  readonly header: RecordingHeader
  /** How far its clock is behind the trace's, in ms; negative when it is ahead. */
  readonly shift: number
  readonly damage: readonly Damage[]
  /** Records that were written but make no sense, such as the end of a task that never began. */
  nonsense: number
  /** Undefined unless the recording was ended in order. */
  exitCode: number | undefined
  /** Time of its last record, in ms on the trace's clock. Nothing is known of what came later. */
  end: number
  /** How many chunks and records could be read. */
  readonly read: { chunks: number; records: number }
}

/**
 * All that was recorded of one run, in tables. It only grows: each of `recordings` adds rows as it is read, while
 * the program runs or afterwards.
 */
export class Trace {
  readonly recordings: Recording[] = []
  readonly threads: Thread[] = []
  readonly strings = new Strings()
  readonly locations = new Locations((number) => this.strings.at(number))
  readonly tasks = new TaskTable()
  readonly starts = new StartTable()
  readonly scopes = new ScopeTable()
  readonly steals = new StealTable()
  readonly waits = new WaitTable()
  readonly cancels = new CancelTable()
  readonly reaches = new ReachTable()
  readonly levels = new LevelTable()
  readonly stalls = new StallTable()
  readonly unhandled = new UnhandledTable()
  readonly unawaited = new UnawaitedTable()
  readonly pauses = new PauseTable()
  readonly alive = new AliveTable()
  readonly dropped = { records: 0, strings: 0 }
  /** Time of the last record, in ms. Nothing is known of what came later. */
  end = 0
  /** When the clock of the trace is 0, in ms since the Unix epoch: that of the recording that was added first. */
  origin: number | undefined

  /** Whether every recording was ended in order. */
  get complete(): boolean {
    return this.recordings.length > 0 && this.recordings.every(({ exitCode }) => exitCode !== undefined)
  }
}
