/**
 * What the page and VS Code tell each other. Names, paths and errors in a recording are untrusted text: the page
 * never makes HTML of them, and the host opens a file only inside the workspace or after asking.
 */

export interface SourcePlace {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** What the page keeps over a reload of the window, and the host hands back. */
export interface ViewState {
  /** The stretch of time that is shown, in ms since the recording began. */
  readonly start: number
  readonly end: number
  /** In CSS pixels. */
  readonly scrollTop: number
  readonly task: number | null
  /** Numbers of the tracks that are folded. */
  readonly collapsed: readonly number[]
  /** Numbers of the tracks that stay on top, from the top. */
  readonly pinned?: readonly number[]
  readonly filter: string
  readonly panel: string
}

/** One process of the run: a file that the page may fetch, `Range` requests included. */
export interface RecordingFile {
  readonly url: string
  /** In bytes. */
  readonly size: number
}

/** What keys and menus of VS Code may ask of the page. The page binds the same commands to its own keys. */
export const VIEW_COMMANDS = [
  'zoomIn',
  'zoomOut',
  'fitAll',
  'fitSelection',
  'back',
  'forward',
  'nextSpan',
  'previousSpan',
  'nextProblem',
  'previousProblem',
  'cause',
  'effect',
  'filter',
  'help',
  'clear',
  'follow',
  'openSource',
  'fold',
  'foldAll',
  'pin',
  'rangeInSight',
  'rangeOfTask',
  'showScope',
  'showScopes',
  'showTable',
  'showProblems',
  'copyLink',
  'exportPng',
  'exportSvg',
  'exportReport',
] as const

export type ViewCommand = (typeof VIEW_COMMANDS)[number]

export type ToPage =
  /** Read a recording. The process that started first comes first. `state` is where the reader was the last time. */
  | {
      readonly type: 'open'
      readonly files: readonly RecordingFile[]
      readonly name: string
      readonly state?: ViewState
    }
  /** The recording of a running program follows in batches, numbered from 0. */
  | { readonly type: 'live'; readonly name: string; readonly state?: ViewState }
  /** `process` counts the programs of a live run from 0: each has a recording of its own. */
  | { readonly type: 'batch'; readonly number: number; readonly process: number; readonly bytes: Uint8Array }
  | { readonly type: 'liveEnded'; readonly reason: string }
  /**
   * Why there is nothing to show, or nothing more: the file vanished or cannot be read. What is shown already stays.
   * `message` says what to do, too.
   */
  | { readonly type: 'failed'; readonly message: string }
  /** Show the tasks that came from a line. */
  | { readonly type: 'revealLine'; readonly place: SourcePlace }
  /** Show one task: a deep link. */
  | { readonly type: 'revealTask'; readonly task: number }
  /** The answer to `locate`: the place in the sources of each, or null where no source map tells. */
  | {
      readonly type: 'located'
      readonly places: readonly SourcePlace[]
      readonly sources: readonly (SourcePlace | null)[]
    }
  | { readonly type: 'command'; readonly command: ViewCommand }

export type ToHost =
  /** The page listens now. Sent again whenever it was reloaded: batches below `received` need not come again. */
  | { readonly type: 'ready'; readonly received: number }
  /** All batches up to, but not including, this number have been read. */
  | { readonly type: 'received'; readonly number: number }
  /** A batch did not come: send again from this number on. */
  | { readonly type: 'resync'; readonly from: number }
  /** A whole recording has been read and is on the screen, or what has come of a live one. */
  | { readonly type: 'shown'; readonly tasks: number; readonly problems: number; readonly durationMs: number }
  | { readonly type: 'openSource'; readonly place: SourcePlace; readonly beside: boolean }
  /**
   * Places in files that ran, some of which may be compiled: look them up in source maps. Without an answer they are
   * shown as they are.
   */
  | { readonly type: 'locate'; readonly places: readonly SourcePlace[] }
  /** Ask where to, and write it there. `name` is a file name to propose. */
  | { readonly type: 'save'; readonly name: string; readonly bytes: Uint8Array }
  /** Write a self-contained HTML report, as `forkline trace report` does. */
  | { readonly type: 'saveReport' }
  | { readonly type: 'state'; readonly state: ViewState }
  /** Put a link to a task on the clipboard. */
  | { readonly type: 'link'; readonly task: number }
  | { readonly type: 'stopRecording' }
  | { readonly type: 'problem'; readonly message: string }

/** What a page needs of whoever holds it: an element of this name in the host's HTML, which the page fills. */
export const ROOT_ID = 'forkline'
