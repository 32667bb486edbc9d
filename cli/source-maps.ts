/** What the editor uses of the command line within its own process. */
export { sourceMapResolver } from './trace/sourceMaps.ts'
