import { duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import { SIGNS } from '../render/signs.ts'
import type { Brief } from '../worker/protocol.ts'

/** What is said of a task beside the pointer, line by line. */
export function tipOf({ label, state, queued, where: { start, end } }: Brief): string[] {
  const took = `${SIGNS[state]} ${state}, ${duration(end - start)} from ${duration(start)}`
  return [plain(label), took, ...(queued > 0 ? [`queued for ${duration(queued)} before`] : [])]
}
