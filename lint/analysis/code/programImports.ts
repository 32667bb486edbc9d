import type ts from 'typescript'
import { COMMAND_LINES, LASTING_PROGRAMS } from '../knowledge/names.ts'

/** By file, so that an edit of one costs no look at the others. */
const imported = new WeakMap<ts.SourceFile, ReadonlySet<string>>()

/** `from 'p-limit'`, `import 'p-limit'`, `import('p-limit')`, `require('p-limit')`, wherever in a file. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*(?<quote>['"])(?<specifier>[^.'"\n][^'"\n]*)\k<quote>/gu

/**
 * The specifiers of all packages that the files of a program may import. It is read off the text, so comments
 * count as well: good for telling that a package is in no way used.
 */
export function importedPackages(program: ts.Program): ReadonlySet<string> {
  const packages = new Set<string>()
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile) continue
    for (const specifier of specifiersOf(file)) packages.add(specifier)
  }
  return packages
}

/** By the list of its files, which stays the same for as long as a program is not another one. */
const commandLines = new WeakMap<readonly ts.SourceFile[], boolean>()

/**
 * Whether a program runs one command and ends, as its packages tell: one of them reads a command line, and none serves
 * requests, shows windows or lives in an editor. What such a program does once, it seldom does twice at a time. It costs a
 * look at all files, once.
 */
export function isCommandLine(files: readonly ts.SourceFile[]): boolean {
  let answer = commandLines.get(files)
  if (answer === undefined) {
    const packages = files.flatMap((file) => [...specifiersOf(file)])
    answer = packages.some((name) => COMMAND_LINES.test(name)) && !packages.some((name) => LASTING_PROGRAMS.test(name))
    commandLines.set(files, answer)
  }
  return answer
}

function specifiersOf(file: ts.SourceFile): ReadonlySet<string> {
  let found = imported.get(file)
  if (!found) {
    found = new Set(Array.from(file.text.matchAll(IMPORT), (match) => match.groups?.['specifier'] ?? ''))
    imported.set(file, found)
  }
  return found
}
