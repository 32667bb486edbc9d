import type { ViewCommand } from '../messages.ts'

/** A key of the page. `code` is where it lies on the keyboard, `key` what it writes. */
export interface KeyBinding {
  readonly command: ViewCommand | 'panLeft' | 'panRight'
  readonly code?: string
  readonly key?: string
  readonly ctrl?: boolean
  readonly shift?: boolean
}

/** By place for the hand that steers, by sign for the rest. The first that fits counts. */
export const KEYS: readonly KeyBinding[] = [
  { code: 'KeyZ', ctrl: true, shift: true, command: 'forward' },
  { code: 'KeyY', ctrl: true, command: 'forward' },
  { code: 'KeyZ', ctrl: true, command: 'back' },
  { code: 'KeyW', command: 'zoomIn' },
  { code: 'KeyS', command: 'zoomOut' },
  { code: 'KeyA', command: 'panLeft' },
  { code: 'KeyD', command: 'panRight' },
  { key: '+', command: 'zoomIn' },
  { key: '=', command: 'zoomIn' },
  { key: '-', command: 'zoomOut' },
  { key: '0', command: 'fitAll' },
  { code: 'KeyF', command: 'fitSelection' },
  { key: '.', command: 'nextSpan' },
  { key: ',', command: 'previousSpan' },
  { code: 'KeyN', shift: true, command: 'previousProblem' },
  { code: 'KeyN', command: 'nextProblem' },
  { key: '[', command: 'cause' },
  { key: ']', command: 'effect' },
  { key: '/', command: 'filter' },
  // VS Code binds it too, for when the page has no focus; what is written next must not come before the focus does.
  { code: 'KeyF', ctrl: true, command: 'filter' },
  { key: '?', command: 'help' },
  { key: 'Escape', command: 'clear' },
  { code: 'KeyL', command: 'follow' },
  { code: 'KeyC', shift: true, command: 'foldAll' },
  { code: 'KeyC', command: 'fold' },
  { code: 'KeyK', command: 'pin' },
  { code: 'KeyG', shift: true, command: 'showScopes' },
  { code: 'KeyG', command: 'showScope' },
  { code: 'KeyR', command: 'rangeInSight' },
  { code: 'KeyM', command: 'rangeOfTask' },
  { code: 'KeyT', command: 'showTable' },
  { code: 'KeyP', command: 'showProblems' },
  { key: 'Enter', command: 'openSource' },
]

/** What a key does; undefined when nothing. */
export function commandOf({
  code,
  key,
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
}: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>):
  KeyBinding['command'] | undefined {
  if (altKey) return undefined
  return KEYS.find(
    (binding) =>
      (binding.code === undefined ? binding.key === key : binding.code === code)
      && (binding.ctrl ?? false) === (ctrlKey || metaKey)
      // A sign may need the shift key on some keyboards.
      && (binding.code === undefined || (binding.shift ?? false) === shiftKey),
  )?.command
}

/** The help page: keys and what they do. */
export const HELP: readonly (readonly [keys: string, what: string])[] = [
  ['W S  or  + −', 'zoom in and out'],
  ['A D', 'go back and forth in time'],
  ['0', 'show everything'],
  ['F', 'fit the selected task, or the selected range'],
  ['← → ↑ ↓', 'select the task beside, above or below'],
  ['. ,', 'select the next or previous task of the lane'],
  ['[ ]', 'go to the task that created this one, or to the first that it created'],
  ['N  Shift+N', 'go to the next or previous problem'],
  ['Enter', 'open the source of the selected task'],
  ['G  Shift+G', 'show the scope of the selected task, or all scopes'],
  ['C  Shift+C', 'fold the scope into one strip, or all of them; again to open'],
  ['K', 'keep the scope on top, or no longer'],
  ['R  M', 'select what is in sight, or the time of the selected task, as a range'],
  ['/  or  Ctrl+F', 'filter'],
  ['P  T', 'show the problems, or the table'],
  ['L', 'follow a recording that goes on'],
  ['Ctrl+Z  Ctrl+Shift+Z', 'go back to where you were, and forth again'],
  ['Esc', 'clear the selection, the range and the filter'],
  ['?', 'show this, or hide it'],
  ['Wheel', 'scroll'],
  ['Ctrl+Wheel', 'zoom at the pointer'],
  ['Shift+Wheel', 'go back and forth in time'],
  ['Drag', 'select a range'],
  ['Double click', 'zoom to a task'],
  ['Alt+Click', 'open the source to the side'],
]
