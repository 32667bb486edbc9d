import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import path from 'node:path'
import * as vscode from 'vscode'
import { extension, fileUri, show } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { click, hasHands, press, write } from '../hands.ts'
import { test } from '../harness.ts'
import { listen, tasksShown } from '../timeline.ts'

/** The program's timers of three seconds that nobody waits for: no other race takes so long, on however busy a machine. */
const SLOW = 'kind:race dur>2s'
const SLOW_IN = path.join('pipeline', 'briefing.ts')

test('records the news pipeline from its button, shows it live, and leads to the line of its slow task and back', async () => {
  const told = await listen()
  await cp(path.join(extension().extensionPath, 'examples/news-pipeline'), fileUri('news').fsPath, { recursive: true })
  await show(fileUri('news/src/main.ts'))
  if (hasHands) click('.editor-actions [aria-label^="Record This File"]')
  else await vscode.commands.executeCommand('forkline.recordFile')

  await eventually('first tasks on the screen', () => tasksShown(told, 'main') > 0)
  const first = tasksShown(told, 'main')
  await eventually('more of them while it runs', () => tasksShown(told, 'main') > first)
  assert.equal(vscode.tasks.taskExecutions.length, 1, 'it was shown while it ran')
  await eventually('it to end', () => vscode.tasks.taskExecutions.length === 0)
  await eventually('its problems', () => (told.shown.at(-1)?.problems ?? 0) >= 3)

  if (hasHands) {
    await vscode.commands.executeCommand('forkline.timeline.showProblems')
    press('Control+f')
    write(SLOW)
    await eventually('the slow tasks alone to be shown', () => told.places.at(-1)?.state.filter === SLOW)
  }
  await vscode.commands.executeCommand(hasHands ? 'forkline.timeline.nextSpan' : 'forkline.timeline.nextProblem')
  await eventually('a task to be selected', () => (told.places.at(-1)?.state.task ?? null) !== null)

  if (hasHands) press('F12')
  else await vscode.commands.executeCommand('forkline.timeline.openSource')
  const editor = await eventually('its line to be open', () => {
    const { activeTextEditor } = vscode.window
    return activeTextEditor?.document.uri.fsPath.endsWith(hasHands ? SLOW_IN : '.ts') === true && activeTextEditor
  })
  if (hasHands) {
    const line = editor.document.lineAt(editor.selection.active.line).text
    assert.match(line, /Promise\.race/u)
    assert.equal(vscode.window.tabGroups.all.length, 2, 'the source opens where sources are, beside the timeline')
  }

  await vscode.commands.executeCommand('workbench.action.navigateBack')
  await eventually(
    'the timeline to be in front again',
    () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom,
  )
  const { task } = told.places.at(-1)?.state ?? {}
  if (!hasHands) return
  press('F8')
  await eventually('the next problem', () => {
    const state = told.places.at(-1)?.state
    return state?.panel === 'problems' && state.task !== task
  })
})
