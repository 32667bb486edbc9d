import type { State } from '../worker/protocol.ts'

/** A sign for each state, so that it can be told without its colour. */
export const SIGNS: Readonly<Record<State, string>> = {
  queued: '◷',
  running: '▶',
  ok: '✓',
  failed: '✕',
  cancelled: '⊘',
  leaked: '⚑',
  'cut off': '…',
}
