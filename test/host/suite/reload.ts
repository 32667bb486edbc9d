import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { fileUri, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { hasHands } from '../hands.ts'
import { testOverReload } from '../harness.ts'
import { forkline, listen, PROGRAM, tasksShown, timelineTabs } from '../timeline.ts'

// A desktop that runs tests does not survive a reload of its window.
if (hasHands) {
  testOverReload(
    'a timeline is where it was after a reload of the window',
    async () => {
      const told = await listen()
      const program = await writeToDisk('kept/program.mjs', PROGRAM)
      const out = fileUri('kept/kept.fltrace')
      await forkline('run', '--out', out.fsPath, '--', 'node', program.fsPath)
      await vscode.commands.executeCommand('forkline.openTimeline', out)
      await eventually('the timeline to be on the screen', () => tasksShown(told, 'kept') >= 3)
      await vscode.commands.executeCommand('forkline.timeline.nextSpan')
      await vscode.commands.executeCommand('forkline.timeline.fitSelection')
      await vscode.commands.executeCommand('forkline.timeline.nextSpan')
      return await eventually('a place to come back to', () => {
        const state = told.places.at(-1)?.state
        return state?.task !== undefined && state.task !== null && state
      })
    },
    async (before) => {
      assert.equal(timelineTabs().length, 1)
      const told = await listen()
      // To show the task that is in sight moves nothing, and makes the timeline say where it is.
      const task = fileUri('kept/kept.fltrace').with({ fragment: `task=${String(before.task)}` })
      await vscode.commands.executeCommand('forkline.openTimeline', task)
      assert.deepEqual(await eventually('the timeline to say where it is', () => told.places.at(-1)?.state), before)
    },
  )
}
