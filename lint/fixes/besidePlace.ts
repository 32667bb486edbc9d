import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { isNothing } from '../analysis/flow/guardMeaning.ts'
import { hasModifier, isAssignment, isFunctionNode, isWithin, unwrap } from '../analysis/code/syntax.ts'
import type { TextEdit } from '../model.ts'
import { freeName } from './names.ts'
import { isChecked } from './scripts.ts'
import { indentOf, lineEndAfter, styleOf } from './style.ts'

/** A variable, or a field of a class, that another can be declared beside. */
export interface Place {
  readonly name: ts.MemberName
  /** None for a field that a script makes by assigning to it. */
  readonly declaration: ts.VariableDeclaration | ts.PropertyDeclaration | undefined
  /** Whether all that write it are in this file. */
  readonly isClosed: boolean
}

/** What is assigned to, where another can stand beside it. */
export function placeOf(target: ts.Expression, analysis: FileAnalysis): Place | undefined {
  const node = unwrap(target)
  const { sourceFile, types } = analysis
  if (ts.isIdentifier(node)) {
    const declaration = types.localSymbol(node)?.valueDeclaration
    if (!declaration || !ts.isVariableDeclaration(declaration) || declaration.getSourceFile() !== sourceFile)
      return undefined
    const statement = declaration.parent.parent
    if (
      !ts.isVariableStatement(statement)
      || hasModifier(statement, ts.SyntaxKind.DeclareKeyword)
      || isExported(declaration, statement, analysis)
    )
      return undefined
    return { name: node, declaration, isClosed: true }
  }
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const { name } = node
  const declarations = types.symbol(name)?.declarations ?? []
  const [declaration] = declarations
  const cls = ts.findAncestor(target, ts.isClassLike)
  if (!declaration || !cls || !isWithin(declaration, cls)) return undefined
  if (ts.isPropertyDeclaration(declaration)) {
    if (declarations.length > 1 || declaration.parent !== cls || !canHaveSibling(declaration)) return undefined
    return {
      name,
      declaration,
      isClosed: ts.isPrivateIdentifier(name) || hasModifier(declaration, ts.SyntaxKind.PrivateKeyword),
    }
  }
  const isScript = /\.[cm]?jsx?$/u.test(sourceFile.fileName) && node.expression.kind === ts.SyntaxKind.ThisKeyword
  return isScript && ts.isIdentifier(name) ? { name, declaration: undefined, isClosed: false } : undefined
}

function isExported(
  declaration: ts.VariableDeclaration,
  statement: ts.VariableStatement,
  { references }: FileAnalysis,
): boolean {
  if (hasModifier(statement, ts.SyntaxKind.ExportKeyword) || !ts.isIdentifier(declaration.name)) return true
  return references.named(declaration.name.text).some(({ parent }) => ts.isExportSpecifier(parent))
}

function canHaveSibling(field: ts.PropertyDeclaration): boolean {
  const isPlain = !ts.canHaveDecorators(field) || (ts.getDecorators(field) ?? []).length === 0
  return (
    isPlain
    && !ts.isComputedPropertyName(field.name)
    && [ts.SyntaxKind.AccessorKeyword, ts.SyntaxKind.DeclareKeyword, ts.SyntaxKind.AbstractKeyword].every(
      (kind) => !hasModifier(field, kind as ts.ModifierSyntaxKind),
    )
  )
}

/** A free name for what comes beside a place: the place's own name with something behind it. */
export function nameBeside({ name, declaration }: Place, suffixed: string, { references }: FileAnalysis): string {
  const isVariable = declaration && ts.isVariableDeclaration(declaration)
  const wished = `${name.text}${suffixed}`
  if (isVariable) return freeName(wished, references, declaration.parent.parent.parent)
  // Where a class hides members with `#`, so does what comes to them; one that says `private` goes on saying that.
  const isHidden =
    ts.isIdentifier(name)
    && declaration
    && !hasModifier(declaration, ts.SyntaxKind.PrivateKeyword)
    && declaration.parent.members.some((member) => member.name && ts.isPrivateIdentifier(member.name))
  const start = isHidden ? `#${wished}` : wished
  let candidate = start
  for (let suffix = 2; references.members(candidate).length > 0; suffix++) candidate = `${start}${String(suffix)}`
  return candidate
}

/** The place as it is written, with another name at its end. */
export function besideText(target: ts.Expression, name: string): string {
  const node = unwrap(target)
  return ts.isPropertyAccessExpression(node) ? `${node.expression.getText()}.${name}` : name
}

/** Declares a promise of some type beside a place. */
export function declareBeside(
  { declaration }: Place,
  name: string,
  brings: string,
  analysis: FileAnalysis,
): TextEdit[] {
  if (!declaration) return []
  const file = declaration.getSourceFile()
  const isTyped = /\.[cm]?tsx?$/u.test(file.fileName)
  // Without a type the compiler takes what `??=` reads and writes for `any`, and says so.
  const comment = isTyped || !isChecked(analysis) ? '' : `/** @type {Promise<${brings || 'any'}> | undefined} */ `
  const variable = ts.isPropertyDeclaration(declaration) ? modifiersFor(declaration, name) : `let ${name}`
  return [insertBehind(declaration, comment + variable + (isTyped ? `: Promise<${brings}> | undefined` : ''))]
}

/** Puts a declaration on the line behind another one. */
export function insertBehind(declaration: ts.VariableDeclaration | ts.PropertyDeclaration, text: string): TextEdit {
  const file = declaration.getSourceFile()
  const { semicolon, newLine } = styleOf(file)
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  const at = lineEndAfter(file, statement.end)
  return { start: at, end: at, text: `${newLine}${indentOf(statement)}${text}${semicolon}` }
}

function modifiersFor(field: ts.PropertyDeclaration, name: string): string {
  const isStatic = hasModifier(field, ts.SyntaxKind.StaticKeyword) ? 'static ' : ''
  if (name.startsWith('#') || !/\.[cm]?tsx?$/u.test(field.getSourceFile().fileName)) return `${isStatic}${name}`
  const hasPrivate = field.parent.members.some(
    (member) =>
      hasModifier(member, ts.SyntaxKind.PrivateKeyword) || hasModifier(member, ts.SyntaxKind.ProtectedKeyword),
  )
  // The first private member would make objects that look the same unfit for the class's type.
  return hasPrivate || isStatic !== '' ? `private ${isStatic}${name}` : `${name}?`
}

/**
 * Forgets the promise wherever the place is emptied. None where it is written in a way that has no room for that, or where
 * the function that fills it empties it again, so that the value is for one call alone.
 *
 * @param written What the promise fills, which is left as it is.
 */
export function forgetEdits(
  place: Place,
  written: ts.Expression,
  promise: string,
  analysis: FileAnalysis,
): TextEdit[] | undefined {
  const edits: TextEdit[] = []
  const { semicolon, newLine } = styleOf(analysis.sourceFile)
  for (const target of targetsOf(place, analysis)) {
    if (target === unwrap(written)) continue
    const { parent } = target
    if (!isAssignment(parent) || parent.left !== target) return undefined
    if (parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
    if (!isNothing(parent.right) || isInConstructor(target)) continue
    if (
      ts.findAncestor(target, (at) => ts.isCatchClause(at) || isFunctionNode(at))
      === ts.findAncestor(written, isFunctionNode)
    )
      return undefined
    const statement = parent.parent
    const isListed =
      ts.isExpressionStatement(statement) && (ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent))
    if (!isListed) return undefined
    const reset = `${besideText(target, promise)} = undefined`
    if (isOnOneLine(statement)) {
      const isClosed = statement.getText().endsWith(';')
      edits.push({ start: statement.end, end: statement.end, text: isClosed ? ` ${reset};` : `; ${reset}` })
    } else {
      const at = lineEndAfter(analysis.sourceFile, statement.end)
      edits.push({ start: at, end: at, text: `${newLine}${indentOf(statement)}${reset}${semicolon}` })
    }
  }
  return edits
}

/** Whether a statement shares a line with the brace before it, or with what follows. */
function isOnOneLine(statement: ts.Statement): boolean {
  const { text } = statement.getSourceFile()
  const isFirst = /\{[^\r\n]*$/u.test(text.slice(statement.parent.getStart(), statement.getStart()))
  return isFirst || !/^[\t ]*(?:\/\/[^\r\n]*)?(?:\r?\n|$)/u.test(text.slice(statement.end))
}

function isInConstructor(node: ts.Node): boolean {
  const fn = ts.findAncestor(node, isFunctionNode)
  return fn !== undefined && ts.isConstructorDeclaration(fn)
}

/** Where a place is written, its declaration left out. */
function targetsOf({ name, declaration }: Place, { references, types }: FileAnalysis): readonly ts.Expression[] {
  const symbol = types.symbol(name)
  return references.members(name.text).flatMap((use): ts.Expression[] => {
    if (use.parent === declaration || types.symbol(use) !== symbol) return []
    const access =
      ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : (use as ts.Identifier)
    return isWritten(access) ? [access] : []
  })
}

function isWritten(access: ts.Expression): boolean {
  const { parent } = access
  if (isAssignment(parent)) return parent.left === access
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === access
  if (ts.isDeleteExpression(parent) || ts.isPostfixUnaryExpression(parent)) return true
  if (ts.isPrefixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
  // `[this.client] = clients`
  const pattern = ts.findAncestor(access.parent, (at) =>
    ts.isStatement(at) ? 'quit' : isAssignment(at.parent) && at.parent.left === at,
  )
  return pattern !== undefined && (ts.isArrayLiteralExpression(pattern) || ts.isObjectLiteralExpression(pattern))
}
