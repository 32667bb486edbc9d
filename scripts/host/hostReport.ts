/** What a suite inside VS Code writes, after each test, into the file that `$FORKLINE_HOST_RESULTS` names. */
export interface HostReport {
  readonly total: number
  readonly passed: number
  readonly failed: number
  /** Set while the window is loaded again in the middle of a test: what the suite needs to go on with then. */
  readonly reloading?: {
    /** The test's number, from 0. */
    readonly test: number
    /** What its first half hands to its second. */
    readonly handed: unknown
  }
}
