/** What a suite inside VS Code writes, after each test, into the file that `$FORKLINE_HOST_RESULTS` names. */
export interface HostReport {
  readonly total: number
  readonly passed: number
  readonly failed: number
}
