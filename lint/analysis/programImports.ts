import type ts from 'typescript'

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

function specifiersOf(file: ts.SourceFile): ReadonlySet<string> {
  let found = imported.get(file)
  if (!found) {
    found = new Set(Array.from(file.text.matchAll(IMPORT), (match) => match.groups?.['specifier'] ?? ''))
    imported.set(file, found)
  }
  return found
}
