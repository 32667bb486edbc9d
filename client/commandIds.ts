import type { ViewCommand } from '@forkline/viewer/messages'

/** The commands of the manifest, each under the name it has in code. */
export const COMMANDS = {
  attach: 'forkline.attach',
  exportTimeline: 'forkline.exportTimeline',
  fixAll: 'forkline.fixAll',
  openExample: 'forkline.openExample',
  openTimeline: 'forkline.openTimeline',
  recordFile: 'forkline.recordFile',
  recordScript: 'forkline.recordScript',
  restartServer: 'forkline.restartServer',
  showInTimeline: 'forkline.showInTimeline',
  showOutput: 'forkline.showOutput',
  stopRecording: 'forkline.stopRecording',
} as const

/** What the timeline in front does by its own keys, as commands: for menus, and for keys of the user's choice. */
const IN_TIMELINE = [
  'back',
  'cause',
  'clear',
  'copyLink',
  'effect',
  'filter',
  'fitAll',
  'fitSelection',
  'fold',
  'foldAll',
  'follow',
  'forward',
  'help',
  'nextProblem',
  'nextSpan',
  'openSource',
  'pin',
  'previousProblem',
  'previousSpan',
  'rangeInSight',
  'rangeOfTask',
  'showProblems',
  'showScope',
  'showScopes',
  'showTable',
  'zoomIn',
  'zoomOut',
] as const satisfies readonly ViewCommand[]

export const TIMELINE_COMMANDS: readonly { readonly id: string; readonly command: ViewCommand }[] = IN_TIMELINE.map(
  (command) => ({ id: `forkline.timeline.${command}`, command }),
)
