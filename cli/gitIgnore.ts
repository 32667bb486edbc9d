import fs from 'node:fs'
import path from 'node:path'
import ignore, { type Ignore } from 'ignore'

/** Answers from the `.gitignore` files in and below a folder, and above it up to the repository's root. */
export class GitIgnore {
  readonly #top: string
  readonly #rules = new Map<string, Ignore | undefined>()
  readonly #folders = new Map<string, boolean>()

  /** @param folder Absolute. When it is itself ignored, someone named it on purpose: what is above does not count. */
  constructor(folder: string) {
    const root = repositoryRoot(folder)
    this.#top = root
    if (this.#ignoresFolder(folder)) {
      this.#top = folder
      this.#folders.clear()
    }
  }

  /** Whether git would leave out the file, which lies somewhere in the folder. */
  ignores(file: string): boolean {
    return this.#ignoresFolder(path.dirname(file)) || this.#matches(file, '')
  }

  #ignoresFolder(folder: string): boolean {
    if (folder === this.#top || folder === path.dirname(folder)) return false
    let ignored = this.#folders.get(folder)
    if (ignored === undefined) {
      ignored = this.#ignoresFolder(path.dirname(folder)) || this.#matches(folder, '/')
      this.#folders.set(folder, ignored)
    }
    return ignored
  }

  /** The nearest `.gitignore` that says something about the path decides. */
  #matches(target: string, suffix: '' | '/'): boolean {
    for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
      const relative = path.relative(folder, target).replaceAll(path.sep, '/')
      const verdict = this.#rulesOf(folder)?.test(relative + suffix)
      if (verdict?.ignored) return true
      if (verdict?.unignored || folder === this.#top || folder === path.dirname(folder)) return false
    }
  }

  #rulesOf(folder: string): Ignore | undefined {
    if (this.#rules.has(folder)) return this.#rules.get(folder)
    const rules = readRules(path.join(folder, '.gitignore'))
    this.#rules.set(folder, rules)
    return rules
  }
}

function readRules(file: string): Ignore | undefined {
  try {
    return ignore().add(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function repositoryRoot(folder: string): string {
  for (let above = folder; ; above = path.dirname(above)) {
    if (fs.existsSync(path.join(above, '.git'))) return above
    if (above === path.dirname(above)) return folder
  }
}
