import ts from 'typescript'
import type { TextEdit } from '../model.ts'
import { appendToList } from './lists.ts'
import { lineEndAfter, styleOf } from './style.ts'

/** A name that a file can use, and the edits that make it so. */
export interface ImportedName {
  readonly name: string
  readonly edits: readonly TextEdit[]
}

/**
 * Whether a file may import a package of modules only. TypeScript refuses it in files that Node takes for CommonJS, up to
 * the release that knows of `require` for modules, and which one the project builds with is not known here.
 */
export function mayImportModules(file: ts.SourceFile): boolean {
  return file.impliedNodeFormat !== ts.ModuleKind.CommonJS || /\.c?jsx?$/u.test(file.fileName)
}

/** The local name of an import that the file already has. */
export function findImport(file: ts.SourceFile, specifier: string, exported: string): string | undefined {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !isFrom(statement, specifier)) continue
    const clause = statement.importClause
    if (clause === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) continue
    if (exported === 'default') {
      if (clause.name) return clause.name.text
      continue
    }
    const bindings = clause.namedBindings
    if (!bindings || !ts.isNamedImports(bindings)) continue
    const found = bindings.elements.find(
      (element) => !element.isTypeOnly && (element.propertyName ?? element.name).text === exported,
    )
    if (found) return found.name.text
  }
  return undefined
}

/**
 * Makes an export of a package usable in a file: by its existing import, by adding to the import of the same package,
 * or by a new import after the last one (`require` in a CommonJS script).
 */
export function importName(file: ts.SourceFile, specifier: string, exported: string, local: string): ImportedName {
  const existing = findImport(file, specifier, exported)
  if (existing !== undefined) return { name: existing, edits: [] }
  const isDefault = exported === 'default'
  for (const statement of file.statements) {
    if (isDefault || !ts.isImportDeclaration(statement) || !isFrom(statement, specifier)) continue
    const clause = statement.importClause
    const bindings = clause?.namedBindings
    const last = bindings && ts.isNamedImports(bindings) ? bindings.elements.at(-1) : undefined
    if (last && clause?.phaseModifier === undefined) {
      return { name: local, edits: [appendToList(last, [named(exported, local, ' as ')])] }
    }
  }
  return { name: local, edits: [newImport(file, specifier, exported, local)] }
}

function newImport(file: ts.SourceFile, specifier: string, exported: string, local: string): TextEdit {
  const { quote, semicolon, newLine } = styleOf(file)
  const source = `${quote}${specifier}${quote}`
  const isDefault = exported === 'default'
  const line = usesRequire(file)
    ? `const ${isDefault ? local : `{ ${named(exported, local, ': ')} }`} = require(${source})${semicolon}`
    : `import ${isDefault ? local : `{ ${named(exported, local, ' as ')} }`} from ${source}${semicolon}`
  const lastImport = file.statements.findLast((statement) => ts.isImportDeclaration(statement) || isRequire(statement))
  if (lastImport) {
    // A comment on the line of an import is about that import.
    const end = lineEndAfter(file, lastImport.end)
    return { start: end, end, text: `${newLine}${line}` }
  }
  const at = topOf(file)
  return { start: at, end: at, text: `${line}${newLine}` }
}

function named(exported: string, local: string, as: string): string {
  return exported === local ? exported : `${exported}${as}${local}`
}

function isFrom(statement: ts.ImportDeclaration, specifier: string): boolean {
  return ts.isStringLiteral(statement.moduleSpecifier) && statement.moduleSpecifier.text === specifier
}

function isRequire(statement: ts.Statement): boolean {
  return (
    ts.isVariableStatement(statement)
    && statement.declarationList.declarations.some(
      (declaration) => declaration.initializer !== undefined && /^require\(/u.test(declaration.initializer.getText()),
    )
  )
}

function usesRequire(file: ts.SourceFile): boolean {
  return !ts.isExternalModule(file) && (file.fileName.endsWith('.cjs') || file.statements.some(isRequire))
}

/** Where code may begin: after a `#!` line and directives such as `'use strict'`. */
function topOf(file: ts.SourceFile): number {
  let at = ts.getShebang(file.text)?.length ?? 0
  if (at > 0) at = file.text.indexOf('\n', at) + 1 || file.text.length
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break
    at = statement.end
    if (file.text.startsWith('\r\n', at)) at += 2
    else if (file.text.startsWith('\n', at)) at += 1
  }
  return at
}
