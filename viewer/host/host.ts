import type { ToHost, ToPage, ViewState } from '../messages.ts'

/** Who holds the page: VS Code, or a browser that opened a report. */
export interface Host {
  /** Whether it shows recordings that go on, opens sources and writes files. */
  readonly kind: 'editor' | 'report'
  post(message: ToHost): void
  listen(take: (message: ToPage) => void): void
  /** Where the reader was before the page was hidden or reloaded. */
  readonly state: ViewState | undefined
  keep(state: ViewState): void
}
