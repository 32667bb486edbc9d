/** Below this many UTF-16 code units a file with long lines is more likely a small hand-written one. */
const SMALLEST = 5000
/** No one writes lines this long by hand, on average over a file. In UTF-16 code units. */
const MEAN_LINE = 500

/** Whether the text reads like a minifier's output, in which no finding is of use to anyone. */
export function isMinified(text: string, lineCount: number): boolean {
  return text.length >= SMALLEST && text.length / lineCount >= MEAN_LINE
}
