import ts from 'typescript'
import type { References } from './references.ts'
import {
  calleeName,
  enclosingFunction,
  type FunctionNode,
  isAsync,
  isFunctionExpression,
  isMethodCall,
  someOwnNode,
  wrapperOf,
} from './syntax.ts'

/** Callbacks that a user interface or a process calls and whose result it ignores on purpose. */
const UNATTENDED =
  /^(?:use(?:Layout|Insertion)?Effect|setTimeout|setImmediate|requestAnimationFrame|requestIdleCallback|queueMicrotask|nextTick|defer|process)$/u

/** Methods that take a callback for events, whose result nobody looks at. */
const EVENT_METHODS = [
  'on',
  'once',
  'addListener',
  'prependListener',
  'addEventListener',
  'subscribe',
  'registerCommand',
] as const

/**
 * Whether code runs where nobody could wait for it: in a React effect, a timer, or a JSX event handler. Starting work and
 * letting it run is the normal way there.
 */
export function runsUnattended(node: ts.Node): boolean {
  const fn = enclosingFunction(node)
  if (fn === undefined || !isFunctionExpression(fn)) return false
  const outer = wrapperOf(fn)
  const { parent } = outer
  if (!ts.isCallExpression(parent)) return ts.isJsxExpression(parent)
  // `(async () => { … })()` in an effect is as little attended as the effect.
  return UNATTENDED.test(calleeName(parent) ?? '') || (parent.expression === outer && runsUnattended(parent))
}

/** Whether code runs in a handler of events: given to `on(…)` or `onDidOpen(…)`, called `handleClick`, or made by `useCallback`. */
export function runsInHandler(node: ts.Node): boolean {
  const fn = enclosingFunction(node)
  if (fn === undefined) return false
  const name = nameOf(fn)
  if (name !== undefined && /^_*(?:on|handle)[A-Z]/u.test(name)) return true
  if (!isFunctionExpression(fn)) return false
  const { parent } = wrapperOf(fn)
  if (!ts.isCallExpression(parent)) return false
  return isMethodCall(parent, ...EVENT_METHODS) || /^useCallback$|^on[A-Z]/u.test(calleeName(parent) ?? '')
}

/**
 * Whether somebody waits for the function around, which gives nothing to wait for: after `const copy = (files) => {
 * files.forEach(async …) }` comes `await copy(files)`, whose author takes it for async.
 */
export function isAwaitedInVain(node: ts.Node, references: References): boolean {
  const fn = enclosingFunction(node)
  if (!fn?.body || isAsync(fn) || !ts.isBlock(fn.body)) return false
  const name = fn.name ?? (ts.isVariableDeclaration(fn.parent) ? fn.parent.name : undefined)
  if (!name || !ts.isIdentifier(name)) return false
  if (someOwnNode(fn.body, (at) => ts.isReturnStatement(at) && at.expression !== undefined)) return false
  return references
    .of(name)
    .some(
      (use) =>
        ts.isCallExpression(use.parent)
        && use.parent.expression === use
        && ts.isAwaitExpression(wrapperOf(use.parent).parent),
    )
}

function nameOf(fn: FunctionNode): string | undefined {
  const holder = wrapperOf(fn).parent
  const isNamedByHolder =
    ts.isVariableDeclaration(holder)
    || ts.isPropertyDeclaration(holder)
    || ts.isPropertyAssignment(holder)
    || ts.isJsxAttribute(holder)
  return (fn.name ?? (isNamedByHolder ? holder.name : undefined))?.getText()
}
