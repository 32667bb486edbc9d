import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import { type Deferral, deferralOf, isDeferrable } from '../analysis/flow/deferredCallback.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  enclosingStatement,
  isAssignment,
  isFunctionNode,
  isLoop,
  isWithin,
  someNode,
} from '../analysis/code/syntax.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-captured-loop-variable',
  meta: {
    family: 'race',
    level: 'certain',
    description: 'Disallow started work that reads a variable which later turns of the loop change',
    fixable: true,
    hasSuggestions: false,
  },
  check({ analysis, report }) {
    const checkFunction = (fn: ts.ArrowFunction | ts.FunctionExpression): void => {
      const loop = loopAround(fn)
      if (loop === undefined || !isDeferrable(fn)) return
      const deferral = deferralOf(fn, analysis.types)
      if (deferral === undefined || isAwaited(deferral.call, loop) || isLastTurn(deferral.call, loop)) return
      const seen = new Set<ts.Symbol>()
      for (const use of namesRead(fn, deferral)) {
        const symbol = analysis.types.localSymbol(use)
        if (symbol === undefined || seen.has(symbol)) continue
        seen.add(symbol)
        const change = changeOf(symbol, fn, loop, analysis)
        if (change === undefined) continue
        report({
          node: use,
          level: levelOf(deferral, change, analysis),
          message: `This runs after the loop has gone on, and \`${use.text}\` is one variable for all turns: it reads the value of a later turn, most often the last.`,
          related: [{ node: change.node, message: 'Each turn changes it here.' }],
          fix: change.declaration && fixFor(change.declaration, loop, analysis),
        })
      }
    }
    return {
      [ts.SyntaxKind.ArrowFunction]: checkFunction,
      [ts.SyntaxKind.FunctionExpression]: checkFunction,
    }
  },
})

/** The innermost loop whose turns make the function. */
function loopAround(fn: ts.Node): ts.IterationStatement | undefined {
  for (let at = fn; !ts.isSourceFile(at.parent); at = at.parent) {
    const { parent } = at
    if (isLoop(parent)) return parent.statement === at ? parent : undefined
    if (isFunctionNode(parent) || ts.isClassLike(parent)) return undefined
  }
  return undefined
}

/** Whether the same turn waits for the call, so that the variable still has its value. */
function isAwaited(call: ts.Node, loop: ts.IterationStatement): boolean {
  return ts.findAncestor(call, (at) => (at === loop ? 'quit' : ts.isAwaitExpression(at))) !== undefined
}

function isLastTurn(call: ts.Node, loop: ts.IterationStatement): boolean {
  const statement = enclosingStatement(call)
  const block = statement?.parent
  if (statement === undefined || block === undefined || !ts.isBlock(block) || block === loop.parent)
    return statement !== undefined && ts.isReturnStatement(statement)
  if (ts.isReturnStatement(statement)) return true
  return block.statements
    .slice(block.statements.indexOf(statement) + 1)
    .some((next) => ts.isBreakStatement(next) || ts.isReturnStatement(next) || ts.isThrowStatement(next))
}

function namesRead(fn: ts.ArrowFunction | ts.FunctionExpression, deferral: Deferral): readonly ts.Identifier[] {
  const names: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return
    if (
      ts.isIdentifier(node)
      && node.getStart() >= deferral.from
      && !isMemberName(node)
      && !isComparedWithCount(node, fn)
    )
      names.push(node)
    forEachChild(node, visit)
  }
  visit(fn.body)
  return names
}

/** `if (++done >= started)`: asks how many were started by then, of which it counts those that are done. */
function isComparedWithCount(name: ts.Identifier, fn: ts.Node): boolean {
  const { parent } = name
  if (!ts.isBinaryExpression(parent) || !COMPARISONS.has(parent.operatorToken.kind)) return false
  const other = parent.left === name ? parent.right : parent.left
  const counted = ts.isPrefixUnaryExpression(other) || ts.isPostfixUnaryExpression(other) ? other.operand : other
  return (
    ts.isIdentifier(counted)
    && someNode(fn, (at) => ts.isIdentifier(at) && at.text === counted.text && isChange(at) && !isAssignment(at.parent))
  )
}

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
])

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node)
    || (ts.isPropertyAssignment(parent) && parent.name === node)
  )
}

interface Change {
  readonly node: ts.Node
  /** The `var` in the loop that should be `let`; none where the variable belongs outside. */
  readonly declaration: ts.VariableDeclarationList | undefined
}

/** Where each turn changes a variable that all turns share. */
function changeOf(
  symbol: ts.Symbol,
  fn: ts.Node,
  loop: ts.IterationStatement,
  analysis: FileAnalysis,
): Change | undefined {
  const declaration = symbol.valueDeclaration
  if (declaration === undefined || isWithin(declaration, fn)) return undefined
  const variable = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  if (!ts.isVariableDeclaration(variable) || !ts.isVariableDeclarationList(variable.parent)) return undefined
  const list = variable.parent
  const isVar = (list.flags & ts.NodeFlags.BlockScoped) === 0
  if (isWithin(declaration, loop)) {
    if (!isVar) return undefined
    const isIn = ts.isForInStatement(loop) || ts.isForOfStatement(loop)
    if (list.parent === loop && isIn) return { node: variable.name, declaration: list }
    if (list.parent === loop) return changedBy(loop, variable, analysis, list)
    return variable.initializer ? { node: variable.name, declaration: list } : undefined
  }
  return ts.isIdentifier(variable.name) && (list.flags & ts.NodeFlags.Const) === 0
    ? changedInTurn(variable.name, fn, loop, analysis)
    : undefined
}

/** `for (var i = 0; …; i++)`: the step changes it. */
function changedBy(
  loop: ts.IterationStatement,
  variable: ts.VariableDeclaration,
  analysis: FileAnalysis,
  list: ts.VariableDeclarationList,
): Change | undefined {
  if (!ts.isIdentifier(variable.name)) return undefined
  const step = analysis.references.of(variable.name).find((use) => isWithin(use, loop) && isChange(use))
  return step && { node: step, declaration: list }
}

/** `current = item` in every turn before the function is made, or `i++` in every turn. */
function changedInTurn(
  name: ts.Identifier,
  fn: ts.Node,
  loop: ts.IterationStatement,
  analysis: FileAnalysis,
): Change | undefined {
  const change = analysis.references.of(name).find((use) => {
    if (!isWithin(use, loop) || isWithin(use, fn) || !isChange(use)) return false
    const { parent } = use
    if (ts.isForOfStatement(loop) || ts.isForInStatement(loop))
      if (parent === loop && loop.initializer === use) return true
    const statement = enclosingStatement(use)
    const isEveryTurn =
      statement?.parent === loop.statement
      || (ts.isForStatement(loop) && loop.incrementor !== undefined && isWithin(use, loop.incrementor))
    if (!isEveryTurn) return false
    // A running total is shared on purpose; what is set from this turn's item is not.
    if (isAssignment(parent))
      return (
        parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
        && use.pos < fn.pos
        && mentionsOwn(parent.right, loop, analysis)
      )
    return true
  })
  return change && { node: change, declaration: undefined }
}

function isChange(use: ts.Identifier): boolean {
  const { parent } = use
  if (isAssignment(parent)) return parent.left === use
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === use
  return (
    (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent))
    && (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)
  )
}

/** Whether a value speaks of what this turn declared. */
function mentionsOwn(node: ts.Node, loop: ts.IterationStatement, analysis: FileAnalysis): boolean {
  if (ts.isIdentifier(node)) {
    const declaration = analysis.types.localSymbol(node)?.valueDeclaration
    return declaration !== undefined && isWithin(declaration, loop)
  }
  return forEachChild(node, (child) => mentionsOwn(child, loop, analysis)) ?? false
}

function levelOf(deferral: Deferral, change: Change, analysis: FileAnalysis): Level {
  if (analysis.role === 'test') return 'possible'
  return change.declaration !== undefined && deferral.kind !== 'collected' ? 'certain' : 'likely'
}

/** `let` in the place of `var`, where nothing outside the loop speaks of the variable. */
function fixFor(
  list: ts.VariableDeclarationList,
  loop: ts.IterationStatement,
  analysis: FileAnalysis,
): Fix | undefined {
  const scope = list.parent === loop ? loop : list.parent.parent
  const isContained = list.declarations.every(({ name }) => {
    if (!ts.isIdentifier(name)) return false
    const symbol = analysis.types.localSymbol(name)
    return (
      symbol?.declarations?.length === 1
      && analysis.references.of(name).every((use) => isWithin(use, scope) && use.pos > name.pos)
    )
  })
  if (!isContained) return undefined
  const start = list.getStart()
  return {
    title: 'Declare it with `let`, so that each turn has its own',
    edits: () => [{ start, end: start + 'var'.length, text: 'let' }],
  }
}
