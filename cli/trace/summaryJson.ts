import type { Summary } from '@forkline/trace'

/** So many entries of a list are put into one piece of text. */
const BATCH = 1000

/**
 * A summary as JSON, piece by piece: hundreds of thousands of scopes make more text than one string may hold.
 * Fields of an object are on lines of their own, and so are the entries of its lists.
 */
export function* summaryJson(summary: Summary): Generator<string> {
  let separator = '{'
  for (const [key, value] of Object.entries(summary)) {
    yield `${separator}\n  ${JSON.stringify(key)}: `
    separator = ','
    if (Array.isArray(value) && value.length > 0) yield* list(value)
    else yield JSON.stringify(value)
  }
  yield '\n}\n'
}

function* list(entries: readonly unknown[]): Generator<string> {
  for (let at = 0; at < entries.length; at += BATCH) {
    const texts = entries.slice(at, at + BATCH).map((entry) => `    ${JSON.stringify(entry)}`)
    yield `${at === 0 ? '[' : ','}\n${texts.join(',\n')}`
  }
  yield '\n  ]'
}
