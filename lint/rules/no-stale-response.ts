import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isAsync,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  isWithin,
  someNode,
  someOwnNode,
  unwrap,
} from '../analysis/code/syntax.ts'
import {
  type Handler,
  handlerOf,
  isAnsweredInOrder,
  isSetter,
  isViewWrite,
  speaksOf,
  withParameters,
} from '../analysis/state/viewState.ts'
import { ignoreOlder } from '../fixes/ignoreOlder.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-stale-response',
  meta: {
    family: 'race',
    level: 'likely',
    description: 'Disallow showing an answer that a later request may have overtaken',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    const reportWrite = (write: ts.Node, request: ts.Expression, handler: Handler): void => {
      const fix = handler.kind === 'effect' ? ignoreOlder(write, handler.callback, analysis) : undefined
      report({
        node: write,
        level: analysis.role === 'product' && speaksOf(request, handler.lively) ? 'likely' : 'possible',
        message: `\`${excerpt(request)}\` is asked anew ${WHEN[handler.kind]}, and answers may come in another order: an older one then replaces the newer one here.`,
        related: [{ node: request, message: 'The request whose answer may be overtaken.' }],
        suggestions: fix ? [fix] : [],
      })
    }
    const checkAsync = (fn: FunctionNode): void => {
      if (!isAsync(fn)) return
      const around = handlerOf(fn, analysis.references, analysis.types)
      if (around === undefined || isCovered(around)) return
      const handler = withParameters(around, fn)
      for (const write of viewWritesIn(fn, analysis)) {
        const request = requestBehind(write, fn, handler)
        if (request && !isChecked(write, request, fn, analysis) && !isAnsweredInOrder(request, analysis.types)) {
          reportWrite(write, request, handler)
          return
        }
      }
    }
    const checkThen = (call: ts.CallExpression): void => {
      if (!isMethodCall(call, 'then')) return
      const callback = call.arguments[0] && unwrap(call.arguments[0])
      if (callback === undefined) return
      const fn = enclosingFunction(call)
      const handler = fn && handlerOf(fn, analysis.references, analysis.types)
      const request = call.expression.expression
      if (handler === undefined || isCovered(handler) || !speaksOf(request, handler.inputs)) return
      if (isAnsweredInOrder(request, analysis.types)) return
      if (isFunctionExpression(callback)) {
        const write = viewWritesIn(callback, analysis).find((node) =>
          mentionsAny(valueOf(node), parametersOf(callback)),
        )
        if (write && !isChecked(write, callback, callback, analysis)) reportWrite(write, request, handler)
      } else if (ts.isIdentifier(callback) && isSetter(callback, analysis.types)) {
        reportWrite(callback, request, handler)
      }
    }
    return {
      [ts.SyntaxKind.ArrowFunction]: checkAsync,
      [ts.SyntaxKind.FunctionExpression]: checkAsync,
      [ts.SyntaxKind.FunctionDeclaration]: checkAsync,
      [ts.SyntaxKind.CallExpression]: checkThen,
    }
  },
})

const WHEN = { effect: 'each time the effect runs', input: 'with every key' }

function viewWritesIn(fn: FunctionNode, analysis: FileAnalysis): readonly ts.Node[] {
  const writes: ts.Node[] = []
  forEachOwnNode(fn, (node) => {
    if ((ts.isCallExpression(node) || ts.isBinaryExpression(node)) && isViewWrite(node, analysis.types))
      writes.push(node)
  })
  return writes
}

/** Whether the handler stops its older self: it returns a clean-up, aborts, or registers one. */
function isCovered({ callback }: Handler): boolean {
  return (
    someOwnNode(callback, (node) => {
      if (ts.isReturnStatement(node)) return node.expression !== undefined && !ts.isVoidExpression(node.expression)
      return (
        ts.isCallExpression(node)
        && /^(?:onCleanup|onWatcherCleanup|onInvalidate|onScopeDispose)$/u.test(node.expression.getText())
      )
    }) || someNode(callback, (node) => ts.isIdentifier(node) && /^signal$|abort/iu.test(node.text))
  )
}

/** The awaited request that depends on an input and whose answer the write shows. */
function requestBehind(write: ts.Node, fn: FunctionNode, handler: Handler): ts.Expression | undefined {
  const value = valueOf(write)
  const answers = new Map<string, ts.Expression>()
  forEachOwnNode(fn, (node) => {
    if (node.end > write.pos) return
    if (ts.isExpressionStatement(node)) {
      const awaited = awaitIn(node.expression, handler)
      if (awaited) for (const name of filledIn(awaited, fn)) answers.set(name, awaited)
    }
    if (!ts.isVariableDeclaration(node) || !node.initializer) return
    const awaited = awaitIn(node.initializer, handler)
    const derived = awaited ?? [...answers].find(([name]) => mentionsAny(node.initializer, new Set([name])))?.[1]
    if (derived) for (const name of namesIn(node.name)) answers.set(name, derived)
  })
  return (value && awaitIn(value, handler)) ?? [...answers].find(([name]) => mentionsAny(value, new Set([name])))?.[1]
}

/** The collections of the function that a request fills on its way: `await Promise.all(ids.map(async (id) => { found.set(id, await get(id)) }))`. */
function filledIn(request: ts.Expression, fn: FunctionNode): ReadonlySet<string> {
  const filled = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (isMethodCall(node, 'set', 'push', 'add') && ts.isIdentifier(node.expression.expression))
      filled.add(node.expression.expression.text)
    forEachChild(node, visit)
  }
  visit(request)
  const own = new Set<string>()
  forEachOwnNode(fn, (node) => {
    if (ts.isVariableDeclaration(node)) for (const name of namesIn(node.name)) own.add(name)
  })
  return new Set([...filled].filter((name) => own.has(name)))
}

function awaitIn(node: ts.Node, handler: Handler): ts.Expression | undefined {
  if (ts.isAwaitExpression(node)) return speaksOf(node.expression, handler.inputs) ? node.expression : undefined
  if (isFunctionNode(node)) return undefined
  return forEachChild(node, (child) => awaitIn(child, handler))
}

function valueOf(write: ts.Node): ts.Node | undefined {
  if (ts.isCallExpression(write)) return write.arguments[0]
  return ts.isBinaryExpression(write) ? write.right : undefined
}

function mentionsAny(node: ts.Node | undefined, names: ReadonlySet<string>): boolean {
  if (node === undefined) return false
  if (ts.isIdentifier(node)) return names.has(node.text)
  // Only a name of its own speaks of the answer: not `error.response`, nor `{ response: 1 }`.
  if (ts.isPropertyAccessExpression(node)) return mentionsAny(node.expression, names)
  if (ts.isPropertyAssignment(node)) return mentionsAny(node.initializer, names)
  return forEachChild(node, (child) => mentionsAny(child, names)) ?? false
}

function parametersOf(fn: FunctionNode): ReadonlySet<string> {
  return new Set(fn.parameters.flatMap(({ name }) => namesIn(name)))
}

function namesIn(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)))
}

/** Whether some condition between the answer and the write looks at something from outside: is this still wanted? */
function isChecked(write: ts.Node, after: ts.Node, fn: FunctionNode, analysis: FileAnalysis): boolean {
  return someOwnNode(fn, (node) => {
    if (node.pos > write.pos) return false
    const isCondition = ts.isIfStatement(node) || ts.isConditionalExpression(node)
    if (!isCondition || (after !== fn && node.end < after.pos)) return false
    const test = ts.isIfStatement(node) ? node.expression : node.condition
    // What was asked around the request was asked before it.
    const isAhead = after === fn || node.pos > after.end || (isWithin(write, node) && !isWithin(after, node))
    return isAhead && looksOutside(test, fn, analysis)
  })
}

function looksOutside(test: ts.Node, fn: FunctionNode, analysis: FileAnalysis): boolean {
  if (ts.isIdentifier(test) && isFromOutside(test, fn, analysis)) return true
  return forEachChild(test, (child) => looksOutside(child, fn, analysis)) ?? false
}

function isFromOutside(name: ts.Identifier, fn: FunctionNode, analysis: FileAnalysis): boolean {
  const { parent } = name
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) return false
  const declaration = analysis.types.localSymbol(name)?.valueDeclaration
  return declaration !== undefined && !isWithin(declaration, fn) && declaration.getSourceFile() === fn.getSourceFile()
}
