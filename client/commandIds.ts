/** The commands of the manifest, each under the name it has in code. */
export const COMMANDS = {
  fixAll: 'forkline.fixAll',
  openExample: 'forkline.openExample',
  openTimeline: 'forkline.openTimeline',
  recordFile: 'forkline.recordFile',
  recordScript: 'forkline.recordScript',
  restartServer: 'forkline.restartServer',
  showInTimeline: 'forkline.showInTimeline',
  showOutput: 'forkline.showOutput',
} as const
