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
  readonly start: number
  readonly end: number
  readonly scrollTop: number
  readonly task: number | null
  readonly collapsed: readonly number[]
  readonly filter: string
  readonly panel: string
}

export type ToPage =
  /** Read a recording from an address that the page may fetch, `Range` requests included. */
  | { readonly type: 'open', readonly url: string, readonly size: number, readonly name: string }
  /** The recording of a running program follows in batches, numbered from 0. */
  | { readonly type: 'live', readonly name: string }
  | { readonly type: 'batch', readonly number: number, readonly bytes: Uint8Array }
  | { readonly type: 'liveEnded', readonly reason: string }
  /** Show why there is nothing to show: the file vanished, or cannot be read. */
  | { readonly type: 'failed', readonly message: string }
  /** Show the tasks that came from a line. */
  | { readonly type: 'revealLine', readonly place: SourcePlace }
  /** Show one task: a deep link. */
  | { readonly type: 'revealTask', readonly task: number }
  /** A key that VS Code has bound to one of the page's commands. */
  | { readonly type: 'command', readonly command: string }

export type ToHost =
  /** The page listens now. Sent again whenever it was hidden or reloaded: `received` batches need not come again. */
  | { readonly type: 'ready', readonly received: number }
  /** All batches up to, but not including, this number have been read. */
  | { readonly type: 'received', readonly number: number }
  | { readonly type: 'openSource', readonly place: SourcePlace, readonly beside: boolean }
  | { readonly type: 'save', readonly name: string, readonly bytes: Uint8Array }
  | { readonly type: 'state', readonly state: ViewState }
  | { readonly type: 'link', readonly task: number }
  | { readonly type: 'stopRecording' }
  | { readonly type: 'problem', readonly message: string }
