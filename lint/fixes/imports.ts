import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { isAssignment, isFunctionExpression, unwrap } from '../analysis/code/syntax.ts'
import type { TextEdit } from '../model.ts'
import { appendToList } from './lists.ts'
import { freeName, isHidden } from './names.ts'
import { lineEndAfter, styleOf } from './style.ts'

/** A name that a file can use, and the edits that make it so. */
export interface ImportedName {
  readonly name: string
  readonly edits: readonly TextEdit[]
}

/**
 * Whether a file may import a package of modules only. TypeScript refuses it in files that Node takes for CommonJS, up to
 * the release that knows of `require` for modules, and which one the project builds with is not known here. A script that
 * neither imports nor exports anything may be one that a page loads as it is.
 */
export function mayImportModules(file: ts.SourceFile): boolean {
  if (!isScript(file)) return file.impliedNodeFormat !== ts.ModuleKind.CommonJS
  return isModule(file) || usesRequire(file) || file.fileName.endsWith('.mjs') || file.impliedNodeFormat !== undefined
}

/** The name by which an export of a package can be used at a place, by an import or `require` that the file already has. */
export function findImport(
  { sourceFile, references }: FileAnalysis,
  specifier: string,
  exported: string,
  at: ts.Node,
): string | undefined {
  for (const statement of sourceFile.statements) {
    const name = ts.isImportDeclaration(statement)
      ? importedName(statement, specifier, exported)
      : requiredName(statement, specifier, exported)
    if (name !== undefined && !isHidden(name.replace(/\..*/u, ''), at, references)) return name
  }
  return undefined
}

function importedName(statement: ts.ImportDeclaration, specifier: string, exported: string): string | undefined {
  const clause = statement.importClause
  if (!isText(statement.moduleSpecifier, specifier) || !clause || clause.phaseModifier !== undefined) return undefined
  if (exported === 'default') return clause.name?.text
  const bindings = clause.namedBindings
  if (!bindings) return undefined
  if (ts.isNamespaceImport(bindings)) return `${bindings.name.text}.${exported}`
  return bindings.elements.find(
    (element) => !element.isTypeOnly && (element.propertyName ?? element.name).text === exported,
  )?.name.text
}

function requiredName(statement: ts.Statement, specifier: string, exported: string): string | undefined {
  for (const { name, initializer } of requiresOf(statement)) {
    const call = ts.isPropertyAccessExpression(initializer) ? initializer.expression : initializer
    if (!ts.isCallExpression(call) || !isText(call.arguments[0], specifier)) continue
    if (ts.isIdentifier(name)) {
      if (call !== initializer) return initializer.getText().endsWith(`.${exported}`) ? name.text : undefined
      return exported === 'default' ? name.text : `${name.text}.${exported}`
    }
    if (call !== initializer || !ts.isObjectBindingPattern(name)) continue
    const found = name.elements.find((element) => (element.propertyName ?? element.name).getText() === exported)
    if (found && ts.isIdentifier(found.name)) return found.name.text
  }
  return undefined
}

/**
 * Makes an export of a package usable at a place: by the import that the file already has, by adding to the import of the
 * same package, or by a new import after the others (`require` in a CommonJS script).
 */
export function importName(analysis: FileAnalysis, specifier: string, exported: string, at: ts.Node): ImportedName {
  const existing = findImport(analysis, specifier, exported, at)
  if (existing !== undefined) return { name: existing, edits: [] }
  const file = analysis.sourceFile
  const local = freeName(exported, analysis.references, file)
  for (const statement of file.statements) {
    const last = lastOfList(statement, specifier)
    if (last) return { name: local, edits: [appendToList(last, [named(exported, local, asIn(statement))])] }
  }
  return { name: local, edits: [newImport(file, specifier, exported, local)] }
}

/** The last name in the list of what a statement takes from a package, behind which another can stand. */
function lastOfList(statement: ts.Statement, specifier: string): ts.Node | undefined {
  if (!ts.isImportDeclaration(statement)) {
    const [only, ...others] = requiresOf(statement)
    if (!only || others.length > 0 || !ts.isCallExpression(only.initializer)) return undefined
    if (!isText(only.initializer.arguments[0], specifier) || !ts.isObjectBindingPattern(only.name)) return undefined
    const last = only.name.elements.at(-1)
    return last?.dotDotDotToken ? undefined : last
  }
  const clause = statement.importClause
  if (!isText(statement.moduleSpecifier, specifier) || !clause || clause.phaseModifier !== undefined) return undefined
  const bindings = clause.namedBindings
  return bindings && ts.isNamedImports(bindings) ? bindings.elements.at(-1) : undefined
}

function newImport(file: ts.SourceFile, specifier: string, exported: string, local: string): TextEdit {
  const { quote, semicolon, newLine } = styleOf(file)
  const source = `${quote}${specifier}${quote}`
  const list = `{ ${named(exported, local, usesRequire(file) ? ': ' : ' as ')} }`
  const line = usesRequire(file)
    ? `const ${list} = require(${source})${semicolon}`
    : `import ${list} from ${source}${semicolon}`
  const imports = importsAtTop(file)
  // In a file that has both, imports stand together.
  const last = (isModule(file) ? imports.findLast(ts.isImportDeclaration) : undefined) ?? imports.at(-1)
  if (last) {
    // A comment on the line of an import is about that import.
    const end = lineEndAfter(file, last.end)
    return { start: end, end, text: `${newLine}${line}` }
  }
  const at = topOf(file)
  return { start: at, end: at, text: `${line}${newLine}${newLine}` }
}

function named(exported: string, local: string, as: string): string {
  return exported === local ? exported : `${exported}${as}${local}`
}

function asIn(statement: ts.Statement): string {
  return ts.isImportDeclaration(statement) ? ' as ' : ': '
}

function isText(node: ts.Node | undefined, text: string): boolean {
  return node !== undefined && ts.isStringLiteral(node) && node.text === text
}

/** The imports before the code of a file begins; one further down comes too late for what runs before it. */
function importsAtTop(file: ts.SourceFile): readonly ts.Statement[] {
  const end = file.statements.findIndex((statement) => !isPreparation(statement))
  return file.statements.slice(0, end < 0 ? undefined : end).filter(isImport)
}

function isPreparation(statement: ts.Statement): boolean {
  if (isImport(statement)) return true
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.every(
      ({ initializer }) => !initializer || !isFunctionExpression(unwrap(initializer)),
    )
  // `'use strict'`, `vi.mock('./file')`, but not `exports.read = …`.
  return ts.isExpressionStatement(statement) && !isAssignment(statement.expression)
}

function isImport(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement) || requiresOf(statement).length > 0
  )
}

/** What a statement takes with `require`: `const a = require('a'), { b } = require('b'), c = require('c').c`. */
function requiresOf(
  statement: ts.Statement,
): readonly (ts.VariableDeclaration & { readonly initializer: ts.Expression })[] {
  if (!ts.isVariableStatement(statement)) return []
  return statement.declarationList.declarations.filter(
    (declaration): declaration is ts.VariableDeclaration & { readonly initializer: ts.Expression } =>
      declaration.initializer !== undefined && /^require\(/u.test(declaration.initializer.getText()),
  )
}

function isScript(file: ts.SourceFile): boolean {
  return /\.[cm]?jsx?$/u.test(file.fileName)
}

/** Whether a file has an `import` or `export` of its own; that the compiler's options take it for a module is not enough. */
function isModule(file: ts.SourceFile): boolean {
  return file.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement)
      || ts.isExportDeclaration(statement)
      || ts.isExportAssignment(statement)
      || (ts.canHaveModifiers(statement)
        && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true),
  )
}

function usesRequire(file: ts.SourceFile): boolean {
  if (isModule(file)) return false
  if (file.statements.some((statement) => requiresOf(statement).length > 0)) return true
  return (
    isScript(file)
    && (file.fileName.endsWith('.cjs')
      || file.impliedNodeFormat === ts.ModuleKind.CommonJS
      || file.statements.some(
        (statement) =>
          ts.isExpressionStatement(statement)
          && isAssignment(statement.expression)
          && /^(?:module\.)?exports\b/u.test(statement.expression.left.getText()),
      ))
  )
}

/** Comments that must stay the first of a file: those that tools read, and who owns it. */
const HEAD = /^\/\*!|@ts-(?:no)?check|eslint-disable(?!-)|@(?:jest|vitest)-|@license|@preserve|@jsx|@flow|copyright/iu

/** What parts a comment from the code below, which it is not about then. */
const BLANK_LINE = /^[\t ]*\r?\n[\t ]*\r?\n/u

/** Where code may begin: after a `#!` line, directives such as `'use strict'`, and comments that are about the whole file. */
function topOf(file: ts.SourceFile): number {
  const { statements, text } = file
  const index = statements.findIndex((one) => !ts.isExpressionStatement(one) || !ts.isStringLiteral(one.expression))
  const first = statements[index]
  if (!first) return text.length
  const from = index === 0 ? (ts.getShebang(text)?.length ?? 0) : first.pos
  const last = (ts.getLeadingCommentRanges(text, from) ?? []).findLast(
    ({ pos, end }) => HEAD.test(text.slice(pos, end)) || BLANK_LINE.test(text.slice(end)),
  )
  const end = last?.end ?? from
  return end + (/^\s*/u.exec(text.slice(end))?.[0].length ?? 0)
}
