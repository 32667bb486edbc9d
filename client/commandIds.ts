/** The commands of the manifest, each under the name it has in code. */
export const COMMANDS = {
  fixAll: 'forkline.fixAll',
  openExample: 'forkline.openExample',
  restartServer: 'forkline.restartServer',
  showOutput: 'forkline.showOutput',
} as const
