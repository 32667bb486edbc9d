import { workerMain } from './workerMain.ts'

/** The published package holds the text itself, so that what bundlers do to functions does not reach it. */
export const workerText = workerMain.toString()
