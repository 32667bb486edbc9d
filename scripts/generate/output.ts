/** A file that is written, in whole or between two markers, from what the rules declare. */
export interface Output {
  /** Relative to the repository. */
  readonly path: string
  /** What the file must hold, given what it holds. */
  text(current: string): string
}

/**
 * Replaces what lies between two markers, each alone on its line.
 *
 * @throws {Error} When the file lacks one of them.
 */
export function between(current: string, path: string, begin: string, end: string, body: string): string {
  const from = current.indexOf(`${begin}\n`)
  const to = current.indexOf(end, from)
  if (from < 0 || to < 0)
    throw new Error(
      `Expected the lines \`${begin}\` and \`${end}\` in ${path}; add them where the generated part belongs`,
    )
  return `${current.slice(0, from)}${begin}\n${body}${current.slice(to)}`
}
