import type { Trace } from '@forkline/trace'

/** Why a scope was cancelled, by the number of a `CAUSES` of the format. */
const WORDS: readonly string[] = [
  'for a reason of a later version',
  'somebody cancelled it',
  'one of its tasks failed',
  'its time was up',
  'the scope around it was cancelled',
  'whoever read its results left',
  'it was disposed of',
  'it was closed',
]

/** @param row of the cancels. */
export function causeOf({ cancels }: Trace, row: number): string {
  return WORDS[cancels.cause[row] ?? 0] ?? WORDS[0] ?? ''
}
