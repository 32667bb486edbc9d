import { float32, float64, OptionalColumn, Table, uint16, uint32, uint8 } from './table.ts'

/**
 * The tables of a trace, as columns. Rows are numbered from 0 in the order of appearance, and never move, so a row's
 * number stays good while a recording grows. Where a row may be missing, the column holds its number plus 1, or 0.
 * Times are in ms since the origin of the trace.
 */

/** What has become of a task. */
export const TASK_STATES = { queued: 0, running: 1, ok: 2, failed: 3, cancelled: 4 } as const

export type TaskState = keyof typeof TASK_STATES

export class TaskTable extends Table {
  /** The scope's row plus 1. */
  scope = uint32()
  /** The row plus 1 of the task that created it. */
  parent = uint32()
  /** When it started; while it is queued, when it was created. */
  start = float64()
  /** How long it was queued before it started, in ms. */
  queued = float32()
  /** When it ended; NaN as long as it has not. */
  end = float64()
  slot = uint16()
  /** Of `TASK_STATES`. */
  state = uint8()
  thread = uint16()
  /** Numbers of strings. In many recordings no task has any of its own, so they take no room until one has. */
  readonly name = new OptionalColumn()
  readonly location = new OptionalColumn()
  readonly error = new OptionalColumn()
}

export class ScopeTable extends Table {
  /** Of `SCOPES` of the format. */
  kind = uint8()
  thread = uint16()
  /** The row plus 1 of the task in which it was opened. */
  parent = uint32()
  start = float64()
  /** NaN as long as it has not ended. */
  end = float64()
  /** Number of a string. */
  name = uint32()
  /** Number of a string. */
  location = uint32()
  /** The row plus 1 of the scope that it is part of, as a stage of its pipeline. */
  readonly within = new OptionalColumn()
  /** 0 when there is none. */
  limit = uint32()
  /** Of `OUTCOMES` of the format plus 1; 0 as long as it has not ended. */
  outcome = uint8()
  /** Number of a string. */
  error = uint32()
}

/** The tasks in the order in which they started, which within a slot of a scope is the order of their start times. */
export class StartTable extends Table {
  task = uint32()
}

/** Which task one worker of a scope took from another. */
export class StealTable extends Table {
  /** The task's row plus 1. */
  task = uint32()
  /** The slots of who lost it and who took it. */
  from = uint16()
  to = uint16()
  /** 1 when it had been sent to the worker, 0 when it was in its queue. */
  sent = uint8()
  time = float64()
}

/** One time that one task waited for something. */
export class WaitTable extends Table {
  /** The task's row plus 1; 0 when the wait was in no task. */
  task = uint32()
  /** Of `WAITS` of the format. */
  kind = uint8()
  /** The row plus 1 of the scope that was waited for. */
  scope = uint32()
  start = float64()
  /** NaN as long as it has not ended. */
  end = float64()
  /** Number of a string. */
  readonly location = new OptionalColumn()
}

/** Who cancelled which scope, and why. */
export class CancelTable extends Table {
  /** The scope's row plus 1. */
  scope = uint32()
  /** Of `CAUSES` of the format. */
  cause = uint8()
  /** The row plus 1 of the task that did it. */
  by = uint32()
  /** Number of a string. */
  reason = uint32()
  time = float64()
}

/** Which task a cancellation reached. */
export class ReachTable extends Table {
  task = uint32()
  /** The row plus 1 of the scope where the cancellation came from. */
  scope = uint32()
  time = float64()
}

/** How full a lock, a limiter or a channel was. */
export class LevelTable extends Table {
  scope = uint32()
  held = uint32()
  waiting = uint32()
  time = float64()
}

/** When the event loop was busy, and for how long. */
export class StallTable extends Table {
  start = float64()
  /** In ms. */
  duration = float64()
  /** Number of a string. */
  location = uint32()
  thread = uint16()
}

/** Rejections that nobody handled. */
export class UnhandledTable extends Table {
  /** The row plus 1 of the task in which it was. */
  task = uint32()
  /** Number of a string. */
  error = uint32()
  /** Number of a string. */
  location = uint32()
  time = float64()
}

/** Promises, as tasks, that nobody ever waited for. */
export class UnawaitedTable extends Table {
  /** The task's row plus 1. */
  task = uint32()
  time = float64()
}

/** When a scope was paused, and when it went on. */
export class PauseTable extends Table {
  scope = uint32()
  /** 1 when paused, 0 when it goes on. */
  paused = uint8()
  time = float64()
}

/** What kept a process alive when it was asked to end. */
export class AliveTable extends Table {
  count = uint16()
  /** Number of a string. */
  what = uint32()
  time = float64()
}
