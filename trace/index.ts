export { RecordingError, type Damage } from './reader/damage.ts'
export { readHeader, type RecordingHeader } from './reader/header.ts'
export { readRecording, RecordingReader } from './reader/reader.ts'
export { Trace, type Recording, type Thread } from './model/trace.ts'
export { TASK_STATES, type TaskState } from './model/tables.ts'
export { findingsOf } from './analysis/analyse.ts'
export { criticalPath, type Step } from './analysis/criticalPath.ts'
export {
  endingOf,
  isGapless,
  lastSeen,
  recordingOf,
  scopeLastSeen,
  waitLastSeen,
  type Ending,
} from './analysis/endings.ts'
export type { FindingKind, TraceFinding } from './analysis/finding.ts'
export { IDLE_REASONS, idleTimeOf, type IdleReason, type IdleTime } from './analysis/idleTime.ts'
export { loadOf, quantile, type Load } from './analysis/load.ts'
export { parseLocation, type Location, type LocationResolver } from './model/location.ts'
export {
  counted,
  milliseconds,
  scopeKind,
  scopeLabel,
  scopeLocation,
  taskLabel,
  taskLocation,
  waitKind,
  waitLocation,
} from './analysis/names.ts'
export { RowGroups } from './analysis/rowGroups.ts'
export { ScopeEvents } from './analysis/scopeEvents.ts'
export { ScopeTasks } from './analysis/scopeTasks.ts'
export {
  summarise,
  type RecordingSummary,
  type ScopeSummary,
  type Summary,
  type WorkerSummary,
} from './analysis/summary.ts'
export { chromeTrace } from './export/chrome.ts'
export { locationText, shortTaskLabel } from './export/details.ts'
export { perfettoTrace } from './export/perfetto.ts'
