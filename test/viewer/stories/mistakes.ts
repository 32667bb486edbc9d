import type { FindingKind } from '@forkline/trace'

/** Something by which a mistake is to be recognised in the timeline. */
export type Clue =
  /** A row of the list of problems, with its line and its tasks. */
  | { readonly see: 'problem'; readonly kind: FindingKind; readonly says: RegExp; readonly tasks: number }
  /** A track of its line, with so many scopes, and so many tasks beside each other. */
  | { readonly see: 'track'; readonly label: string; readonly scopes: number; readonly lanes: number }
  /** Requests in red, as often as the service gave that answer. */
  | { readonly see: 'red requests'; readonly answer: string; readonly error: string }
  /** Tasks of one of its scopes that start in one order and end in another. */
  | { readonly see: 'ends out of order' }
  /** A promise of its line that is still waited for so long after a cancellation, in ms. */
  | { readonly see: 'ran on'; readonly after: string; readonly by: RegExp; readonly atLeast: number }

/** One mistake of the pipeline, as its README lists them, and what gives it away. */
export interface Mistake {
  readonly file: string
  readonly function: string
  readonly clues: readonly Clue[]
}

const dropped = (file: string, name: string): Mistake => ({
  file,
  function: name,
  clues: [{ see: 'problem', kind: 'never-awaited', says: /120 promises that nobody ever waited for/u, tasks: 120 }],
})

/**
 * The mistakes, written down before the timeline was looked at. The pipeline is recorded with every promise. What is
 * read and written is not recorded, so of the tokens that get lost only this much is to be seen: eight tasks at once
 * between a read and a write of the same line.
 */
export const MISTAKES: readonly Mistake[] = [
  dropped('publish.ts', 'notifySubscribers'),
  dropped('publish.ts', 'archiveAll'),
  dropped('publish.ts', 'rebuildSearchIndex'),
  {
    file: 'summaries.ts',
    function: 'summariseAll',
    clues: [
      {
        see: 'problem',
        kind: 'unbounded-fan-out',
        says: /120 tasks of Promise\.all were in flight at once/u,
        tasks: 120,
      },
      { see: 'track', label: 'Promise.all', scopes: 1, lanes: 120 },
      { see: 'red requests', answer: 'POST /model/summary 429', error: 'status 429' },
    ],
  },
  {
    file: 'sentiment.ts',
    function: 'rateAll',
    clues: [{ see: 'track', label: 'Promise.all', scopes: 15, lanes: 8 }],
  },
  {
    file: 'keywords.ts',
    function: 'tagBatch',
    clues: [{ see: 'track', label: 'Promise.all', scopes: 15, lanes: 8 }, { see: 'ends out of order' }],
  },
  {
    file: 'trends.ts',
    function: 'waitForTrends',
    clues: [
      {
        see: 'ran on',
        after: 'its time was up',
        by: /^TimeoutError: The operation was aborted due to timeout/u,
        atLeast: 900,
      },
    ],
  },
  {
    file: 'briefing.ts',
    function: 'withDeadline',
    clues: [
      {
        see: 'problem',
        kind: 'leak',
        says: /5 tasks of Promise\.race went on after it had ended, the longest for [23]\.\d+ s/u,
        tasks: 5,
      },
      { see: 'track', label: 'Promise.race', scopes: 5, lanes: 6 },
    ],
  },
]
