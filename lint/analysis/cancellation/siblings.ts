import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { WRITE_NAMES } from '../knowledge/names.ts'
import { visibleSignals, type ReachableSignal } from './signals.ts'
import { startedTogether } from '../bounds/startedTogether.ts'
import {
  calleeName,
  enclosingFunction,
  forEachOwnNode,
  type FunctionNode,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isWithin,
  type MethodCall,
  someNode,
  suspends,
  unwrap,
} from '../code/syntax.ts'

/** Tasks of one join that stop when one signal aborts. */
export interface Siblings {
  readonly signal: ReachableSignal & { readonly root: ts.Identifier }
  /** The calls that are given the signal; of a `map`, the work that each item starts. */
  readonly tasks: readonly ts.Expression[]
  /** One of them that runs until the signal says otherwise. */
  readonly endless: ts.Expression | undefined
}

/**
 * Which tasks of a `Promise.all` go on after another has failed, although a signal could stop them: two or more are given the
 * same one, and one of all can fail. Writes are left out: whoever began one wants it whole.
 */
export function siblingsOf(joined: MethodCall, analysis: FileAnalysis): Siblings | undefined {
  const tasks = tasksOf(joined, analysis)
  if (tasks.length === 0 || !mentionsSignal(tasks)) return undefined
  for (const signal of visibleSignals(joined, analysis)) {
    const { root } = signal
    if (!ts.isIdentifier(root)) continue
    const abortable = tasks.filter((task) => isGiven(task, root, analysis) && !isWrite(task))
    const isMany = abortable.length > 1 || abortable.some((task) => !ts.isCallExpression(task))
    if (!isMany || !tasks.some((task) => canFail(task, analysis))) continue
    return {
      signal: { ...signal, root },
      tasks: abortable,
      endless: abortable.find((task) => isEndless(task, analysis)),
    }
  }
  return undefined
}

function mentionsSignal(tasks: readonly ts.Expression[]): boolean {
  return tasks.some((task) => /signal|abort|cancel/iu.test(task.getText()))
}

/** The calls in the list, also through constants of the function; of a `map`, its callback. */
function tasksOf(joined: MethodCall, analysis: FileAnalysis): readonly ts.Expression[] {
  const list = joined.arguments[0] && unwrap(joined.arguments[0])
  if (!list) return []
  if (ts.isArrayLiteralExpression(list)) return list.elements.flatMap((element) => taskOf(element, analysis) ?? [])
  const fanOut = ts.isCallExpression(list) ? startedTogether(list, analysis) : undefined
  if (fanOut?.joined !== joined || fanOut.size().kind === 'bounded') return []
  const work = unwrap(fanOut.work)
  return isFunctionNode(work) ? [work] : []
}

function taskOf(element: ts.Expression, analysis: FileAnalysis): ts.CallExpression | undefined {
  const value = unwrap(element)
  if (ts.isCallExpression(value)) return value
  const declaration = ts.isIdentifier(value) ? analysis.types.localSymbol(value)?.declarations?.[0] : undefined
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const made = unwrap(declaration.initializer)
  return ts.isCallExpression(made) && enclosingFunction(made) === enclosingFunction(element) ? made : undefined
}

function isGiven(task: ts.Expression, root: ts.Identifier, { types }: FileAnalysis): boolean {
  const symbol = types.localSymbol(root)
  return someNode(
    task,
    (node) => ts.isIdentifier(node) && node.text === root.text && types.localSymbol(node) === symbol && isPassed(node),
  )
}

/** Whether a use of a signal hands it to something: looking at `aborted` stops nothing that runs already. */
function isPassed(use: ts.Identifier): boolean {
  const { parent } = use
  return !ts.isPropertyAccessExpression(parent) || /signal/iu.test(parent.name.text)
}

function isWrite(task: ts.Expression): boolean {
  return someNode(task, (node) => {
    if (ts.isPropertyAssignment(node))
      return node.name.getText() === 'method' && !/get|head/iu.test(node.initializer.getText())
    return ts.isCallExpression(node) && WRITE_NAMES.test(calleeName(node) ?? '')
  })
}

function canFail(task: ts.Expression, { summaries }: FileAnalysis): boolean {
  if (ts.isCallExpression(task)) return summaries.callCanReject(task)
  return isFunctionNode(task) && summaries.of(task).canReject
}

/** Whether the function called goes round until its signal aborts. */
function isEndless(task: ts.Expression, analysis: FileAnalysis): boolean {
  const fn = ts.isCallExpression(task)
    ? analysis.types.functionOf(task.expression)
    : isFunctionNode(task)
      ? task
      : undefined
  return fn?.body !== undefined && hasEndlessLoop(fn)
}

function hasEndlessLoop(fn: FunctionNode): boolean {
  let found = false
  forEachOwnNode(fn, (node) => {
    if (isLoop(node) && someNode(node.statement, suspends) && (asksSignal(node) || isForEver(node))) found = true
  })
  return found
}

/** `while (!signal.aborted)` and nothing beside it. */
function asksSignal(loop: ts.IterationStatement): boolean {
  return ts.isWhileStatement(loop) && /^!\s*[\w.#?]+\.aborted$/u.test(loop.expression.getText())
}

/** `while (true)` that nothing but an abort leaves. */
function isForEver(loop: ts.IterationStatement): boolean {
  const isOpen =
    (ts.isWhileStatement(loop) && loop.expression.kind === ts.SyntaxKind.TrueKeyword)
    || (ts.isForStatement(loop) && !loop.condition)
  return (
    isOpen
    && /\baborted\b|throwIfAborted/u.test(loop.getText())
    && !someNode(loop.statement, (node) => {
      if (!ts.isBreakStatement(node) && !ts.isReturnStatement(node)) return false
      const branch = ts.findAncestor(node, (at) => (at === loop ? 'quit' : ts.isIfStatement(at)))
      return !branch || !ts.isIfStatement(branch) || !/\baborted\b/u.test(branch.expression.getText())
    })
  )
}

/** Whether something in the function that made the controller of a signal aborts it when work fails. */
export function isAbortedOnFailure({ root, text }: Siblings['signal'], analysis: FileAnalysis): boolean {
  const controllers = text === `${root.text}.signal` ? [root] : text === root.text ? controllersOf(root, analysis) : []
  return controllers.some((controller) => abortsOnFailure(controller, analysis))
}

/** Which controllers end a signal: that of `controller.signal`, also by a name of its own, or those of several that are joined. */
function controllersOf(signal: ts.Expression, analysis: FileAnalysis): readonly ts.Identifier[] {
  const value = unwrap(signal)
  if (ts.isPropertyAccessExpression(value))
    return value.name.text === 'signal' ? declaredName(value.expression, analysis) : []
  if (isMethodCall(value, 'any')) {
    const list = value.arguments[0] && unwrap(value.arguments[0])
    return list && ts.isArrayLiteralExpression(list)
      ? list.elements.flatMap((element) => controllersOf(element, analysis))
      : []
  }
  const declaration = ts.isIdentifier(value) ? analysis.types.localSymbol(value)?.valueDeclaration : undefined
  if (declaration && ts.isVariableDeclaration(declaration))
    return declaration.initializer ? controllersOf(declaration.initializer, analysis) : []
  const holder = declaration && ts.isBindingElement(declaration) ? declaration.parent.parent : undefined
  return holder && ts.isVariableDeclaration(holder) && holder.initializer
    ? declaredName(holder.initializer, analysis)
    : []
}

function declaredName(use: ts.Expression, { types }: FileAnalysis): readonly ts.Identifier[] {
  const declaration = ts.isIdentifier(use) ? types.localSymbol(use)?.valueDeclaration : undefined
  return declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name)
    ? [declaration.name]
    : []
}

/** An abort by a timer, or by another signal, is not about failures. */
function abortsOnFailure(controller: ts.Identifier, analysis: FileAnalysis): boolean {
  return analysis.references.of(controller).some((use) => {
    const { parent } = use
    if (!ts.isPropertyAccessExpression(parent)) return true
    if (parent.name.text === 'signal') return false
    const callback = enclosingFunction(use)
    const around = callback && ts.findAncestor(callback, ts.isCallExpression)
    return !(
      around
      && isWithin(use, around)
      && /^(?:setTimeout|addEventListener|once|on)$/u.test(calleeName(around) ?? '')
    )
  })
}
