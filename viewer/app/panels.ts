/** The panels beside the timeline, in the order of their tabs. */
export const PANELS = [
  'details',
  'problems',
  'pool',
  'scopes',
  'cancellation',
  'leaks',
  'path',
  'waits',
  'loop',
  'range',
  'table',
] as const

export type Panel = (typeof PANELS)[number]

/** What the page is doing. */
export type Phase =
  | { readonly kind: 'waiting' }
  /** In bytes. */
  | { readonly kind: 'loading'; readonly done: number; readonly total: number }
  | { readonly kind: 'shown' }
  | { readonly kind: 'failed'; readonly message: string }
