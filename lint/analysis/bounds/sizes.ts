import type ts from 'typescript'

/** Who in the outside world decides how many items there are. */
export type SizeSource =
  /** The caller of the function. */
  | 'parameter'
  /** What lies in a folder or a bucket. */
  | 'listing'
  /** Rows that match, with no page size. */
  | 'query'
  /** All pages that another system gives, one after the other. */
  | 'pages'
  /** The lines that a program prints. */
  | 'output'
  /** A field of something whose origin is not seen. */
  | 'field'
  /** The body of a request. */
  | 'request'
  /** An async iterable, for as long as it goes on. */
  | 'stream'

/** What is known of how many items an input has. */
export type Size =
  | { readonly kind: 'bounded'; readonly why: string }
  /** The outside world decides; `node` is where the items come in, `name` what the code calls them there. */
  | {
      readonly kind: 'open'
      readonly source: SizeSource
      readonly node: ts.Node
      readonly name: string
      /** Whether there is but one for each chunk of what comes in. */
      readonly inChunks?: true
    }
  | { readonly kind: 'unknown' }

/** Nothing is known of the size. */
export const UNKNOWN: Size = { kind: 'unknown' }

/** So many at most, and why. */
export function bounded(why: string): Size {
  return { kind: 'bounded', why }
}

/** As many as the outside world likes. */
export function open(source: SizeSource, node: ts.Node, name: string): Size {
  return { kind: 'open', source, node, name }
}

/** Of two, the one that allows for more items. */
export function widest(a: Size, b: Size): Size {
  if (a.kind === 'open') return a
  if (b.kind === 'open') return b
  return a.kind === 'unknown' ? a : b
}
