import type { ToPage, ViewState } from '../messages.ts'
import type { Host } from './host.ts'

interface VsCodeApi {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

declare function acquireVsCodeApi(): VsCodeApi

/** The page in a webview of VS Code; undefined anywhere else. */
export function editorHost(): Host | undefined {
  if (typeof acquireVsCodeApi === 'undefined') return undefined
  const api = acquireVsCodeApi()
  return {
    kind: 'editor',
    state: isState(api.getState()),
    post: (message) => {
      api.postMessage(message)
    },
    listen: (take) => {
      addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (isMessage(data)) take(data)
      })
    },
    keep: (state) => {
      api.setState(state)
      api.postMessage({ type: 'state', state })
    },
  }
}

function isState(value: unknown): ViewState | undefined {
  return typeof value === 'object' && value !== null && 'scrollTop' in value ? (value as ViewState) : undefined
}

function isMessage(value: unknown): value is ToPage {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
