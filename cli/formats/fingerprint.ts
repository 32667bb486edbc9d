import { createHash } from 'node:crypto'
import type { Message } from '../results.ts'

/**
 * Makes an identity for each finding of one file that holds when lines above it come or go: from the
 * rule, the text of the line, and which of several alike it is.
 */
export function fingerprinter(text: string): (message: Message) => string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/u)
  const seen = new Map<string, number>()
  return ({ ruleId, line }) => {
    const content = (lines[line - 1] ?? '').replaceAll(/\s+/gu, ' ').trim()
    const hash = createHash('sha256')
      .update(`${ruleId ?? ''}\n${content}`)
      .digest('hex')
      .slice(0, 16)
    const ordinal = (seen.get(hash) ?? 0) + 1
    seen.set(hash, ordinal)
    return `${hash}:${String(ordinal)}`
  }
}
