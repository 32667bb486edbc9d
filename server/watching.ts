import { existsSync } from 'node:fs'
import type { FileChange } from '@forkline/lint'
import { type DidChangeWatchedFilesParams, FileChangeType } from 'vscode-languageserver/node'
import { filePathOf } from './paths.ts'

/** How long file watchers may merge events before they tell them, with room to spare, in milliseconds. */
const SETTLE_MS = 1500

const KIND = {
  [FileChangeType.Created]: 'created',
  [FileChangeType.Changed]: 'changed',
  [FileChangeType.Deleted]: 'deleted',
} as const

/** What the client's file watchers saw, as the engine takes it. */
export function toFileChanges({ changes }: DidChangeWatchedFilesParams): FileChange[] {
  return changes.flatMap(({ uri, type }) => {
    const path = filePathOf(uri)
    return path === undefined ? [] : [{ path, kind: KIND[type] }]
  })
}

/**
 * Looks again at files whose events contradict the disk, such as a deleted one that is there. The file
 * has changed since, and the event for that may never come: watchers merge a creation and a deletion
 * that follow each other into nothing, while we may have seen the file in between.
 */
export class SecondLook {
  readonly #onChanges: (changes: readonly FileChange[]) => void
  readonly #doubtful = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(onChanges: (changes: readonly FileChange[]) => void) {
    this.#onChanges = onChanges
  }

  consider(changes: readonly FileChange[]): void {
    for (const { path, kind } of changes) {
      if (existsSync(path) === (kind === 'deleted')) this.#doubtful.add(path)
    }
    if (this.#doubtful.size > 0) this.#timer ??= setTimeout(() => { this.#look() }, SETTLE_MS)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#doubtful.clear()
  }

  #look(): void {
    this.#timer = undefined
    const changes = [...this.#doubtful].map((path): FileChange =>
      ({ path, kind: existsSync(path) ? 'created' : 'deleted' }))
    this.#doubtful.clear()
    this.#onChanges(changes)
  }
}
