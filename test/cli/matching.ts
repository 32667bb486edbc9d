import { expect } from 'vitest'

/** `expect.stringContaining` and `expect.stringMatching`, whose own type is `any`. */
export function matching(text: string | RegExp): unknown {
  return typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text)
}
