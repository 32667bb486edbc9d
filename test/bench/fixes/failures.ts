import { stripVTControlCharacters } from 'node:util'

/** Lines by which compilers and test runners tell that something has failed. */
const FAILURE = /\b(?:errors?|fail(?:ed|s|ure|ing)?)\b|^\s*not ok\b|^\s*[×✗✖✘]/iu
/** How many there were of each is no name. */
const COUNT = /^\W*(?:(?:tests?|test files|suites?|errors?|pass(?:ed|ing)?|fail(?:ed|ing)?|found|#)\b[\s:]*)*\d+/iu

/** `✖ failing tests:` stands above their names. */
const HEADING = /:\s*$/u

/**
 * The lines of a command's output that name a failure, once each, without places and times, which differ from run to run.
 */
export function failuresOf(output: string): readonly string[] {
  const lines = stripVTControlCharacters(output)
    .split(/\r?\n/u)
    .filter((line) => FAILURE.test(line) && !COUNT.test(line) && !HEADING.test(line))
    .map((line) => line.replace(/\d+(?:[.,:]\d+)*\s*(?:ms|s|m)?\b/gu, '#').trim())
  return [...new Set(lines)]
}
