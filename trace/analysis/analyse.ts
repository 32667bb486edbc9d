import type { Trace } from '../model/trace.ts'
import type { TraceFinding } from './finding.ts'
import { unheededCancellations } from './findings/cancellations.ts'
import { unboundedFanOuts } from './findings/fanOuts.ts'
import { idlePools } from './findings/idlePools.ts'
import { leaks } from './findings/leaks.ts'
import { neverAwaited } from './findings/neverAwaited.ts'
import { unhandledRejections } from './findings/rejections.ts'
import { longStalls } from './findings/stalls.ts'
import { ScopeTasks } from './scopeTasks.ts'

/** What a recording shows that its reader should know, the most serious kinds first. */
export function findingsOf(trace: Trace, scopeTasks = new ScopeTasks(trace)): TraceFinding[] {
  return [
    ...unhandledRejections(trace),
    ...leaks(trace, scopeTasks),
    ...neverAwaited(trace),
    ...unheededCancellations(trace, scopeTasks),
    ...unboundedFanOuts(trace, scopeTasks),
    ...longStalls(trace),
    ...idlePools(trace, scopeTasks),
  ]
}
