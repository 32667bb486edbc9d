/** Hooks for Node before 22.15, which runs them in a thread of their own: as those in ./libraries.ts. */
import { libraryAt, recordedSource } from './librarySource.ts'

interface LoadResult {
  readonly format?: string | null | undefined
  readonly source?: unknown
}

type NextLoad = (url: string, context: unknown) => Promise<LoadResult>

export async function load(url: string, context: unknown, next: NextLoad): Promise<LoadResult> {
  const result = await next(url, context)
  const library = libraryAt(url)
  return library === undefined ? result : recordedSource(library, result)
}
