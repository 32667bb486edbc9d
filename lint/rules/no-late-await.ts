import ts from 'typescript'
import { isWaitForEvent } from '../analysis/flow/eventWaits.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { handlesRejection } from '../analysis/flow/promiseFate.ts'
import {
  enclosingFunction,
  enclosingStatement,
  excerpt,
  forEachOwnNode,
  isFunctionExpression,
  isMethodCall,
  isPromiseCombinator,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { isKept } from '../analysis/promises/droppedWork.ts'
import { awaitedInTurn, type LateList, pushedBeforeAwait, startsMany } from '../analysis/promises/lateLists.ts'
import { awaitAll } from '../fixes/awaitAll.ts'
import { IGNORING } from '../fixes/awaits.ts'
import { lineBefore, losesComment } from '../fixes/comments.ts'
import { freeName, holdScope, scopeOf } from '../fixes/names.ts'
import { indentOf, styleOf } from '../fixes/style.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule, type Report } from '../rule.ts'

export const rule = defineRule({
  id: 'no-late-await',
  meta: {
    family: 'fan-out',
    level: 'likely',
    description: 'Disallow awaiting something else while a started promise has nobody to handle its rejection',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.VariableDeclaration](node: ts.VariableDeclaration) {
        const { name, initializer } = node
        // A test starts work, drives it by hand and looks at the outcome last; a rejection in between fails the run, as it should.
        if (!initializer || !ts.isIdentifier(name) || analysis.role === 'test') return
        const call = unwrap(initializer)
        if (!ts.isCallExpression(call) || handlesRejection(call)) return
        const fn = enclosingFunction(node)
        const statement = node.parent.parent
        if (!fn || !ts.isVariableStatement(statement) || !ts.isBlock(statement.parent)) return
        // Whatever comes first decides: a handler, another name for it, or an await that comes too late.
        const first = analysis.references.named(name.text).find((use) => use.pos > node.end)
        const isMany = isMethodCall(call, 'map')
        if (!first || !(isMany ? isJoined(first) : isWaitedFor(first)) || !runsAfterIt(first, fn)) return
        const between = suspensionBetween(statement, first)
        if (!between || analysis.references.of(name)[0] !== first) return
        const isOne =
          analysis.types.thenable(call) === 'always'
          && !isKept(call, analysis.types)
          && analysis.summaries.callCanReject(call)
        if (isMany ? !startsMany(call, analysis) : !isOne) return
        report({
          node: name,
          // A program that shows something, or does one job, ends by an early failure as it does by any other.
          level: analysis.role === 'product' ? levelOf(call, between, statement, first) : 'possible',
          message: `\`${name.text}\` has no handler yet while \`${excerpt(between)}\` is waited for: if ${isMany ? 'one of them' : `\`${excerpt(call.expression)}\``} rejects in the meantime, the process ends, whatever \`try\` is around.`,
          related: [
            { node: between, message: 'This is waited for in the meantime.' },
            { node: first, message: 'Only from here on is its rejection handled.' },
          ],
          suggestions: suggestionsFor(statement, name, between, first, analysis),
        })
      },
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (analysis.role === 'test') return
        if (isMethodCall(node, 'push')) {
          const late = pushedBeforeAwait(node, analysis)
          if (late) report(inLoop(late, analysis))
          return
        }
        const list = isPromiseCombinator(node) && node.arguments[0] ? unwrap(node.arguments[0]) : undefined
        if (!list || !ts.isArrayLiteralExpression(list)) return
        const found = startedBeforeAwait(list, analysis)
        if (found) report(inList(found, node, analysis))
      },
      [ts.SyntaxKind.ForOfStatement](node: ts.ForOfStatement) {
        if (analysis.role === 'test') return
        const late = awaitedInTurn(node, analysis)
        if (late) report(inTurn(late, node, analysis))
      },
    }
  },
})

interface StartedBeforeAwait {
  readonly started: ts.CallExpression
  readonly awaited: ts.AwaitExpression
}

/** `Promise.all([a(), await b()])`: the join, and with it the handler of what `a` gives, is made when `b` is done. */
function startedBeforeAwait(
  { elements }: ts.ArrayLiteralExpression,
  { types, summaries }: FileAnalysis,
): StartedBeforeAwait | undefined {
  const at = elements.findIndex((element) => awaitOf(element) !== undefined)
  const awaited = elements[at] && awaitOf(elements[at])
  if (!awaited) return undefined
  const started = elements
    .slice(0, at)
    .map(unwrap)
    .filter(ts.isCallExpression)
    .find(
      (call) =>
        !handlesRejection(call)
        && !isWaitForEvent(call)
        && types.thenable(call) === 'always'
        && summaries.callCanReject(call),
    )
  return started && { started, awaited }
}

/** The `await` that an element is, or that one of its two branches is. */
function awaitOf(element: ts.Expression): ts.AwaitExpression | undefined {
  const inner = unwrap(element)
  if (ts.isConditionalExpression(inner)) return awaitOf(inner.whenTrue) ?? awaitOf(inner.whenFalse)
  return ts.isAwaitExpression(inner) ? inner : undefined
}

function inList({ started, awaited }: StartedBeforeAwait, join: ts.CallExpression, analysis: FileAnalysis): Report {
  return {
    node: started,
    level: analysis.role === 'product' ? 'likely' : 'possible',
    message: `\`${excerpt(started)}\` has no handler yet while \`${excerpt(awaited)}\` is waited for inside the array: if it rejects in the meantime, the process ends, whatever \`try\` is around.`,
    related: [
      { node: awaited, message: 'This is waited for in the meantime.' },
      { node: join.expression, message: 'Only this call handles its rejection.' },
    ],
    suggestions: [
      {
        title: 'Wait for both at the same time',
        edits: () => [{ start: awaited.getStart(), end: awaited.expression.getStart(), text: '' }],
      },
    ],
  }
}

function inLoop({ started, between, join }: LateList, analysis: FileAnalysis): Report {
  return {
    node: started,
    level: analysis.role === 'product' && !isWaitForEvent(started) ? 'likely' : 'possible',
    message: `\`${excerpt(started)}\` has no handler yet while the loop waits for \`${excerpt(between)}\`: if it rejects in the meantime, the process ends, whatever \`try\` is around.`,
    related: [
      { node: between, message: 'This is waited for in the meantime.' },
      { node: join, message: 'Only here is its rejection handled.' },
    ],
    suggestions: handledFromStart(started, analysis),
  }
}

/** The promise in a variable, with a handler, before it goes into the list. */
function handledFromStart(started: ts.Expression, { sourceFile, references, types }: FileAnalysis): readonly Fix[] {
  const statement = enclosingStatement(started)
  if (!types.hasMethod(started, ['catch'])) return []
  if (!statement || !(ts.isBlock(statement.parent) || ts.isCaseOrDefaultClause(statement.parent))) return []
  return [
    {
      title: 'Handle its rejection from the start; joining the list still throws it',
      edits: () => {
        const { semicolon, newLine } = styleOf(sourceFile)
        const name = freeName('promise', references, scopeOf(statement))
        const start = lineBefore(statement)
        const lines = [`const ${name} = ${started.getText()}${semicolon}`, `${name}.catch(${IGNORING})${semicolon}`]
        return [
          { start, end: start, text: lines.map((line) => `${line}${newLine}${indentOf(statement)}`).join('') },
          { start: started.getStart(), end: started.end, text: name },
          holdScope(statement),
        ]
      },
    },
  ]
}

function inTurn({ started, between }: LateList, loop: ts.ForOfStatement, analysis: FileAnalysis): Report {
  return {
    node: loop.expression,
    level: analysis.role === 'product' ? 'likely' : 'possible',
    message: `All of \`${excerpt(started)}\` run already, and are waited for one after the other: if one rejects while an earlier one is waited for, the process ends, whatever \`try\` is around.`,
    related: [
      { node: started, message: 'Here they all start.' },
      { node: between, message: 'Here one is waited for, and the others have no handler.' },
    ],
    suggestions: allFirst(loop),
  }
}

/** `for (const text of await Promise.all(texts))`, where no turn has a `try` of its own to go on with the others. */
function allFirst(loop: ts.ForOfStatement): readonly Fix[] {
  const { awaitModifier, expression, statement } = loop
  if (!awaitModifier || someOwnNode(statement, ts.isTryStatement)) return []
  return [
    {
      title: 'Wait for all of them first',
      edits: () => [
        {
          start: awaitModifier.getStart(),
          end: loop.getChildren().find(isOpening)?.getStart() ?? awaitModifier.end,
          text: '',
        },
        { start: expression.getStart(), end: expression.end, text: `await Promise.all(${expression.getText()})` },
      ],
    },
  ]
}

function isOpening({ kind }: ts.Node): boolean {
  return kind === ts.SyntaxKind.OpenParenToken
}

/** Whether a use is in the function itself, or in one that cannot run before it has been read, as a hoisted one can. */
function runsAfterIt(use: ts.Identifier, fn: ts.Node): boolean {
  for (let at = enclosingFunction(use); at !== undefined; at = enclosingFunction(at)) {
    if (at === fn) return true
    if (!isFunctionExpression(at)) return false
  }
  return false
}

/** `Promise.all(list)`. */
function isJoined(use: ts.Identifier): boolean {
  return isPromiseCombinator(wrapperOf(use).parent)
}

/** `await p`, `return p`, or an element of `await Promise.all([…])`. */
function isWaitedFor(use: ts.Identifier): boolean {
  const { parent } = wrapperOf(use)
  if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) return true
  return ts.isArrayLiteralExpression(parent) && isPromiseCombinator(wrapperOf(parent).parent)
}

/** The first point between a statement and a later use where other code runs. */
function suspensionBetween(statement: ts.Statement, use: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined
  const end = use.getStart()
  forEachOwnNode(statement.parent, (node) => {
    if (found || node.pos < statement.end || !suspends(node) || ts.isYieldExpression(node)) return
    // `await save(await p)` suspends after `p` has its handler.
    if (node.end <= end || ts.isForOfStatement(node)) found = node
  })
  return found && found.getStart() < end ? found : undefined
}

function levelOf(call: ts.CallExpression, between: ts.Node, statement: ts.Statement, first: ts.Identifier): Level {
  if (isWaitForEvent(call)) return 'possible'
  // Elsewhere it may be a way out, on which nobody waits for the promise.
  const list = listAround(between)
  return list === statement.parent || list === listAround(first) ? 'likely' : 'possible'
}

/** The statements among which a node stands; what a `try` holds runs as surely as what is around it. */
function listAround(node: ts.Node): ts.Node | undefined {
  let list = enclosingStatement(node)?.parent
  while (
    list
    && ts.isBlock(list)
    && (ts.isBlock(list.parent) || (ts.isTryStatement(list.parent) && list.parent.tryBlock === list))
  ) {
    list = ts.isBlock(list.parent) ? list.parent : list.parent.parent
  }
  return list
}

function suggestionsFor(
  statement: ts.VariableStatement,
  name: ts.Identifier,
  between: ts.Node,
  first: ts.Identifier,
  analysis: FileAnalysis,
): readonly Fix[] {
  const fixes: Fix[] = []
  const together = joined(between, first, analysis)
  if (together) fixes.push(together)
  if (statement.declarationList.declarations.length === 1 && analysis.types.hasMethod(name, ['catch'])) {
    fixes.push({
      title: 'Handle its rejection from the start; the later `await` still throws it',
      edits: () => {
        const { semicolon, newLine } = styleOf(analysis.sourceFile)
        return [
          {
            start: statement.end,
            end: statement.end,
            text: `${newLine}${indentOf(statement)}${name.text}.catch(${IGNORING})${semicolon}`,
          },
        ]
      },
    })
  }
  return fixes
}

/** `const x = await a` and, right after it, `const y = await b`, where both run already. */
function joined(between: ts.Node, first: ts.Identifier, analysis: FileAnalysis): Fix | undefined {
  const one = awaitedConstant(between)
  const two = awaitedConstant(wrapperOf(first).parent)
  if (
    !one
    || !two
    || !ts.isIdentifier(one.promise)
    || one.statement.parent !== two.statement.parent
    || !ts.isBlock(one.statement.parent)
  )
    return undefined
  const { statements } = one.statement.parent
  if (statements.indexOf(one.statement) + 1 !== statements.indexOf(two.statement)) return undefined
  if (analysis.sourceFile.text.slice(one.statement.end, two.statement.getStart()).trim() !== '') return undefined
  if ([one, two].some(({ statement, name, promise }) => losesComment(statement, [name, promise]))) return undefined
  return {
    title: 'Wait for both with `Promise.all`',
    edits: () => {
      const { semicolon } = styleOf(analysis.sourceFile)
      const both = [one, two].map(({ name, promise }) => ({ name: name.getText(), promise: promise.getText() }))
      const text = awaitAll(one.statement, both, semicolon)
      return [{ start: one.statement.getStart(), end: two.statement.end, text }]
    },
  }
}

function awaitedConstant(
  node: ts.Node,
): { statement: ts.VariableStatement; name: ts.BindingName; promise: ts.Expression } | undefined {
  if (!ts.isAwaitExpression(node)) return undefined
  const declaration = wrapperOf(node).parent
  if (!ts.isVariableDeclaration(declaration) || declaration.type || !ts.isVariableDeclarationList(declaration.parent))
    return undefined
  const statement = declaration.parent.parent
  const isConst = (declaration.parent.flags & ts.NodeFlags.Const) !== 0 && declaration.parent.declarations.length === 1
  return isConst && ts.isVariableStatement(statement)
    ? { statement, name: declaration.name, promise: unwrap(node.expression) }
    : undefined
}
