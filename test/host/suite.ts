import './suite/activate.ts'
import './suite/see.ts'
import './suite/edit.ts'
import './suite/fix.ts'
import './suite/disable.ts'
import './suite/project.ts'
import './suite/settings.ts'
import './suite/restart.ts'
import './suite/timeline.ts'
import './suite/sourceMaps.ts'
import './suite/attach.ts'
import './suite/exportTimeline.ts'
import './suite/debugged.ts'
import './suite/newsPipeline.ts'
import './suite/reload.ts'
import { closeAndRemove } from './editor.ts'
import { cleanUpWith, runTests } from './harness.ts'

cleanUpWith(closeAndRemove)

/** What VS Code calls once it has loaded the extension under test. */
export async function run(): Promise<void> {
  await runTests()
}
