import type { FileChange } from '@forkline/lint'
import { type DidChangeWatchedFilesParams, FileChangeType } from 'vscode-languageserver/node'
import { filePathOf } from './paths.ts'

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
