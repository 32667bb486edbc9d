import { float32, float64, OptionalColumn, uint16, uint32, uint8 } from './column.ts'

/**
 * The tables of a trace, as columns. Rows are numbered from 0 in the order of appearance, and never move, so a row's
 * number stays good while a recording grows. Where a row may be missing, the column holds its number plus 1, or 0.
 * Times are in ms since the origin of the trace.
 */

/** What has become of a task. */
export const TASK_STATES = { queued: 0, running: 1, ok: 2, failed: 3, cancelled: 4 } as const

export type TaskState = keyof typeof TASK_STATES

export class TaskTable {
  /** The scope's row plus 1. */
  readonly scope = uint32()
  /** The row plus 1 of the task that created it. */
  readonly parent = uint32()
  /** When it started; while it is queued, when it was created. */
  readonly start = float64()
  /** How long it was queued before it started, in ms. */
  readonly queued = float32()
  /** When it ended; NaN as long as it has not. */
  readonly end = float64()
  readonly slot = uint16()
  /** Of `TASK_STATES`. */
  readonly state = uint8()
  readonly thread = uint16()
  /** Numbers of strings. In many recordings no task has any of its own, so they take no room until one has. */
  readonly name = new OptionalColumn()
  readonly location = new OptionalColumn()
  readonly error = new OptionalColumn()

  get length(): number {
    return this.start.length
  }
}

export class ScopeTable {
  /** Of `SCOPES` of the format. */
  readonly kind = uint8()
  readonly thread = uint16()
  /** The row plus 1 of the task in which it was opened. */
  readonly parent = uint32()
  readonly start = float64()
  /** NaN as long as it has not ended. */
  readonly end = float64()
  /** Number of a string. */
  readonly name = uint32()
  /** Number of a string. */
  readonly location = uint32()
  /** 0 when there is none. */
  readonly limit = uint32()
  /** Of `OUTCOMES` of the format plus 1; 0 as long as it has not ended. */
  readonly outcome = uint8()
  /** Number of a string. */
  readonly error = uint32()

  get length(): number {
    return this.start.length
  }
}

/** One time that one task waited for something. */
export class WaitTable {
  /** The task's row plus 1; 0 when the wait was in no task. */
  readonly task = uint32()
  /** Of `WAITS` of the format. */
  readonly kind = uint8()
  /** The row plus 1 of the scope that was waited for. */
  readonly scope = uint32()
  readonly start = float64()
  /** NaN as long as it has not ended. */
  readonly end = float64()
  /** Number of a string. */
  readonly location = uint32()

  get length(): number {
    return this.start.length
  }
}

/** Who cancelled which scope, and why. */
export class CancelTable {
  /** The scope's row plus 1. */
  readonly scope = uint32()
  /** Of `CAUSES` of the format. */
  readonly cause = uint8()
  /** The row plus 1 of the task that did it. */
  readonly by = uint32()
  /** Number of a string. */
  readonly reason = uint32()
  readonly time = float64()

  get length(): number {
    return this.time.length
  }
}

/** Which task a cancellation reached. */
export class ReachTable {
  readonly task = uint32()
  /** The row plus 1 of the scope where the cancellation came from. */
  readonly scope = uint32()
  readonly time = float64()

  get length(): number {
    return this.time.length
  }
}

/** How full a lock, a limiter or a channel was. */
export class LevelTable {
  readonly scope = uint32()
  readonly held = uint32()
  readonly waiting = uint32()
  readonly time = float64()

  get length(): number {
    return this.time.length
  }
}

/** When the event loop was busy, and for how long. */
export class StallTable {
  readonly start = float64()
  /** In ms. */
  readonly duration = float64()
  /** Number of a string. */
  readonly location = uint32()
  readonly thread = uint16()

  get length(): number {
    return this.start.length
  }
}

/** Rejections that nobody handled. */
export class UnhandledTable {
  /** The row plus 1 of the task in which it was. */
  readonly task = uint32()
  /** Number of a string. */
  readonly error = uint32()
  /** Number of a string. */
  readonly location = uint32()
  readonly time = float64()

  get length(): number {
    return this.time.length
  }
}

/** When a scope was paused, and when it went on. */
export class PauseTable {
  readonly scope = uint32()
  /** 1 when paused, 0 when it goes on. */
  readonly paused = uint8()
  readonly time = float64()

  get length(): number {
    return this.time.length
  }
}

/** What kept a process alive when it was asked to end. */
export class AliveTable {
  readonly count = uint16()
  /** Number of a string. */
  readonly what = uint32()
  readonly time = float64()

  get length(): number {
    return this.time.length
  }
}
