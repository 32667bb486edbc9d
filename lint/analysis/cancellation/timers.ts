import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { importOrigin } from '../code/imports.ts'
import { millisecondsOf } from './delays.ts'
import { SLEEP_NAMES } from '../knowledge/names.ts'
import {
  calleeName,
  enclosingFunction,
  forEachOwnNode,
  type FunctionNode,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  isWithin,
  someOwnNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/** A promise that only waits, and whose timer nothing in the program stops. */
export interface Wait {
  /** The call that starts the timer, in this file: `setTimeout(…)`, or the helper that makes one. */
  readonly call: ts.CallExpression
  /** - `timer`: `setTimeout` itself; `helper`: a function that waits; `name`: only its name says so. */
  readonly kind: 'timer' | 'helper' | 'name'
  /** How long, as an expression of this file; undefined where a helper decides. */
  readonly delay: ts.Expression | undefined
  /** The same in milliseconds, where the program says it as a constant. */
  readonly milliseconds: number | undefined
  /** The variable that holds the promise. */
  readonly variable: ts.VariableDeclaration | undefined
}

const MAX_DEPTH = 6

/** The wait that an expression stands for; undefined for anything that does more, or whose timer is looked after. */
export function waitOf(expression: ts.Expression, analysis: FileAnalysis, depth = 0): Wait | undefined {
  if (depth > MAX_DEPTH) return undefined
  const node = unwrap(expression)
  if (ts.isIdentifier(node)) return waitOfVariable(node, analysis, depth)
  if (ts.isNewExpression(node)) return waitOfPromise(node, analysis)
  if (ts.isConditionalExpression(node)) {
    return waitOf(node.whenTrue, analysis, depth + 1) ?? waitOf(node.whenFalse, analysis, depth + 1)
  }
  if (!ts.isCallExpression(node)) return undefined
  if (isMethodCall(node, 'then', 'catch', 'finally')) return waitOf(node.expression.expression, analysis, depth + 1)
  return waitOfCall(node, analysis)
}

/** A variable whose promise nothing but the expression itself reads: another reader may wait for it, or stop it. */
function waitOfVariable(use: ts.Identifier, analysis: FileAnalysis, depth: number): Wait | undefined {
  const declaration = analysis.types.localSymbol(use)?.declarations?.[0]
  if (
    !declaration
    || !ts.isVariableDeclaration(declaration)
    || !ts.isIdentifier(declaration.name)
    || !declaration.initializer
  )
    return undefined
  if (enclosingFunction(declaration) !== enclosingFunction(use) || enclosingFunction(use) === undefined)
    return undefined
  const others = analysis.references
    .of(declaration.name)
    .filter((other) => other !== use && !isHandlerOnly(other) && !isInOtherBranch(other, use))
  if (others.length > 0) return undefined
  const wait = waitOf(declaration.initializer, analysis, depth + 1)
  return wait && { ...wait, variable: wait.variable ?? declaration }
}

/** Whether a condition lets a run come to one of two places only: `limited ? Promise.race([work, late]) : late`. */
function isInOtherBranch(other: ts.Node, use: ts.Node): boolean {
  const choice = ts.findAncestor(
    use,
    (at) => (ts.isIfStatement(at) || ts.isConditionalExpression(at)) && isWithin(other, at),
  )
  if (!choice || !(ts.isIfStatement(choice) || ts.isConditionalExpression(choice))) return false
  const branches = ts.isIfStatement(choice)
    ? [choice.thenStatement, choice.elseStatement]
    : [choice.whenTrue, choice.whenFalse]
  return (
    branches.some((branch) => branch && isWithin(use, branch) && !isWithin(other, branch))
    && branches.some((branch) => branch && isWithin(other, branch))
  )
}

/** `timeout.catch(() => {})`, which silences a rejection and nothing else. */
function isHandlerOnly(use: ts.Identifier): boolean {
  const call = use.parent.parent
  return isMethodCall(call, 'catch') && call.expression.expression === use && ts.isExpressionStatement(call.parent)
}

function waitOfPromise(made: ts.NewExpression, analysis: FileAnalysis): Wait | undefined {
  const timer = timerOfExecutor(made, analysis)
  if (!timer) return undefined
  const delay = timer.arguments[1]
  return {
    call: timer,
    kind: 'timer',
    delay,
    milliseconds: delay ? millisecondsOf(delay, analysis) : 0,
    variable: undefined,
  }
}

/** The unattended `setTimeout` that the executor of `new Promise(…)` starts at once. */
export function timerOfExecutor(made: ts.NewExpression, analysis: FileAnalysis): ts.CallExpression | undefined {
  const [argument] = made.arguments ?? []
  const executor = argument && unwrap(argument)
  if (!executor || !isFunctionNode(executor) || made.expression.getText() !== 'Promise') return undefined
  const timers = ownTimers(executor)
  const [timer] = timers
  return timer && timers.length === 1 && !isAttended(timer, analysis) ? timer : undefined
}

function ownTimers(fn: FunctionNode): ts.CallExpression[] {
  const timers: ts.CallExpression[] = []
  const visit = (node: ts.Node): void => {
    if (isSetTimeout(node)) timers.push(node)
  }
  if (fn.body) {
    visit(fn.body)
    forEachOwnNode(fn.body, visit)
  }
  return timers
}

function isSetTimeout(node: ts.Node): node is ts.CallExpression {
  return (
    ts.isCallExpression(node)
    && calleeName(node) === 'setTimeout'
    && node.arguments.length > 0
    && !ts.isNumericLiteral(unwrap(node.arguments[0] as ts.Expression))
  )
}

/** Whether something keeps the handle of a timer and reads it: to clear it, to `unref` it or to hand it on. */
function isAttended(timer: ts.CallExpression, analysis: FileAnalysis): boolean {
  const { parent } = wrapperOf(timer)
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return false
  if (ts.isArrowFunction(parent)) return false
  const handle = ts.isVariableDeclaration(parent)
    ? parent.name
    : ts.isBinaryExpression(parent)
      ? unwrap(parent.left)
      : undefined
  if (handle === undefined || !ts.isIdentifier(handle)) return true
  const symbol = analysis.types.localSymbol(handle)
  const declared = symbol?.declarations?.[0]
  const name =
    declared && ts.isVariableDeclaration(declared) && ts.isIdentifier(declared.name) ? declared.name : undefined
  if (name?.getSourceFile() !== analysis.sourceFile) return true
  return analysis.references.of(name).some((use) => use !== handle && !isAssigned(use))
}

function isAssigned(use: ts.Identifier): boolean {
  const { parent } = use
  return ts.isBinaryExpression(parent) && parent.left === use && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
}

function waitOfCall(call: ts.CallExpression, analysis: FileAnalysis): Wait | undefined {
  const delay = call.arguments[0]
  const milliseconds = delay && millisecondsOf(delay, analysis)
  const made = (kind: Wait['kind']): Wait => ({ call, kind, delay, milliseconds, variable: undefined })
  const callee = unwrap(call.expression)
  const helper = isFunctionExpression(callee) ? callee : analysis.types.functionOf(callee)
  // A signal, `{ ref: false }` or a callback among the arguments says that somebody looks after it; of a value made on the spot,
  // such as the error to end with, the helper's body tells.
  const isTold = (argument: ts.Expression): boolean =>
    helper?.body !== undefined && ts.isCallExpression(unwrap(argument))
  if (call.arguments.slice(1).some((argument) => !isPlainValue(argument) && !isTold(argument))) return undefined
  const origin = importOrigin(call.expression, analysis.types)
  const exported = ts.isPropertyAccessExpression(unwrap(call.expression)) ? calleeName(call) : origin?.exported
  const names = origin && analysis.types.knowledge.of(origin.specifier)?.sleeps
  if (names?.includes(exported ?? '')) return made('helper')
  const isNamed = SLEEP_NAMES.test(calleeName(call) ?? '')
  const isPlain = call.arguments.slice(1).every(isPlainValue)
  if (isPlain && isNamed && (analysis.types.signals.slotsOf(call).length > 0 || leavesOutToken(call, analysis)))
    return made('helper')
  if (helper) {
    const inner = helper === callee ? firstWait(helper, analysis) : undefined
    const own = inner ? undefined : helperWait(helper, analysis, 0)
    if (own === undefined) return inner ?? firstWait(helper, analysis)
    return own.parameter === undefined
      ? { ...made('helper'), delay: undefined, milliseconds: own.milliseconds }
      : ofParameter(call, own.parameter, analysis)
  }
  if (isPromisifiedTimeout(call.expression, analysis)) return made('helper')
  return origin && isNamed && analysis.types.isUntyped(call.expression) ? made('name') : undefined
}

/** `delay(ms)` of `delay(ms, token?)`: what would end the wait was not given. */
function leavesOutToken(call: ts.CallExpression, { types }: FileAnalysis): boolean {
  const parameters = types.functionOf(call.expression)?.parameters ?? []
  return parameters.slice(call.arguments.length).some(({ name, type }) => {
    const said = type ? type.getText() : name.getText()
    return !name.getText().startsWith('{') && /cancel\w*token/iu.test(said)
  })
}

/** What a function of this file, given nothing, waits for before all else: `(async () => { await sleep(ms); throw new Late() })()`. */
function firstWait(fn: FunctionNode, analysis: FileAnalysis): Wait | undefined {
  const [first] = fn.body && ts.isBlock(fn.body) ? fn.body.statements : []
  if (
    !first
    || !ts.isExpressionStatement(first)
    || fn.parameters.length > 0
    || fn.getSourceFile() !== analysis.sourceFile
  )
    return undefined
  const awaited = unwrap(first.expression)
  const wait =
    ts.isAwaitExpression(awaited) && !ts.isIdentifier(unwrap(awaited.expression))
      ? waitOf(awaited.expression, analysis, MAX_DEPTH)
      : undefined
  return wait && { ...wait, kind: wait.kind === 'name' ? 'name' : 'helper' }
}

function isPlainValue(argument: ts.Expression): boolean {
  const inner = unwrap(argument)
  return (
    ts.isLiteralExpression(inner)
    || (ts.isIdentifier(inner) && inner.text === 'undefined')
    || ts.isTemplateExpression(inner)
    || ts.isNewExpression(inner)
    || inner.kind === ts.SyntaxKind.TrueKeyword
    || inner.kind === ts.SyntaxKind.FalseKeyword
    || inner.kind === ts.SyntaxKind.NullKeyword
  )
}

function ofParameter(call: ts.CallExpression, index: number, analysis: FileAnalysis): Wait {
  const delay = call.arguments[index]
  return { call, kind: 'helper', delay, milliseconds: delay && millisecondsOf(delay, analysis), variable: undefined }
}

interface HelperWait {
  /** The parameter that says how long. */
  readonly parameter: number | undefined
  readonly milliseconds: number | undefined
}

/** What a function waits for, if waiting is all it does: a promise around a timer, or an await of another such function. */
function helperWait(fn: FunctionNode, analysis: FileAnalysis, depth: number): HelperWait | undefined {
  if (fn.body === undefined || depth > 3) return undefined
  const waits: HelperWait[] = []
  const others: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Promise') {
      const wait = promiseWait(node, fn, analysis)
      if (wait) waits.push(wait)
      else if (!isForEver(node)) others.push(node)
    } else if (isMethodCall(node, 'then', 'catch', 'finally')) visit(node.expression.expression)
    else if (ts.isCallExpression(node)) {
      const callee = analysis.types.functionOf(node.expression)
      const inner = callee && callee !== fn ? helperWait(callee, analysis, depth + 1) : undefined
      if (inner) {
        const argument = inner.parameter === undefined ? undefined : node.arguments[inner.parameter]
        waits.push(argument ? delayIn(argument, fn, analysis) : inner)
      } else if (!isLogging(node) && !isOfNumbers(node)) others.push(node)
    } else if (!isFunctionNode(node) && !ts.isClassLike(node) && !ts.isThrowStatement(node)) forEachChild(node, visit)
  }
  visit(fn.body)
  return others.length > 0 || waits.length !== 1 ? undefined : waits[0]
}

/** `new Promise(() => {})`: a wait that never ends, where the delay may be infinite. */
function isForEver(made: ts.NewExpression): boolean {
  const executor = made.arguments?.[0] && unwrap(made.arguments[0])
  if (!executor || !ts.isArrowFunction(executor) || executor.parameters.length > 0) return false
  return ts.isBlock(executor.body) ? executor.body.statements.length === 0 : ts.isIdentifier(executor.body)
}

/** A promise whose executor starts one timer and does nothing else. */
function promiseWait(made: ts.NewExpression, fn: FunctionNode, analysis: FileAnalysis): HelperWait | undefined {
  const [argument] = made.arguments ?? []
  const executor = argument && unwrap(argument)
  if (!executor || !isFunctionExpression(executor)) return undefined
  const timers = ownTimers(executor)
  const [timer] = timers
  if (!timer || timers.length !== 1 || !isBare(timer)) return undefined
  if (someOwnNode(executor.body, (node) => ts.isCallExpression(node) && node !== timer)) return undefined
  const delay = timer.arguments[1]
  return delay ? delayIn(delay, fn, analysis) : { parameter: undefined, milliseconds: 0 }
}

/** Whether nothing keeps the handle, so that nothing can clear it. */
function isBare(timer: ts.CallExpression): boolean {
  const { parent } = wrapperOf(timer)
  return ts.isExpressionStatement(parent) || ts.isArrowFunction(parent)
}

function delayIn(delay: ts.Expression, fn: FunctionNode, analysis: FileAnalysis): HelperWait {
  const name = unwrap(delay)
  const parameter = ts.isIdentifier(name)
    ? fn.parameters.findIndex((candidate) => ts.isIdentifier(candidate.name) && candidate.name.text === name.text)
    : -1
  return parameter >= 0
    ? { parameter, milliseconds: undefined }
    : { parameter: undefined, milliseconds: millisecondsOf(delay, analysis) }
}

function isLogging(call: ts.CallExpression): boolean {
  return /^(?:console|log(?:ger)?|debug)\b/iu.test(call.expression.getText())
}

/** A question about the delay: `isFinite(ms)`. */
function isOfNumbers(call: ts.CallExpression): boolean {
  return /^(?:Number\.is\w+|isFinite|isNaN|Math\.\w+)$/u.test(call.expression.getText())
}

/** `promisify(setTimeout)`, called at once or through the constant that holds it. */
function isPromisifiedTimeout(callee: ts.Expression, analysis: FileAnalysis): boolean {
  const inner = unwrap(callee)
  if (ts.isCallExpression(inner))
    return calleeName(inner) === 'promisify' && inner.arguments[0]?.getText() === 'setTimeout'
  if (!ts.isIdentifier(inner)) return false
  return (analysis.types.symbol(inner)?.declarations ?? []).some(
    (declaration) =>
      ts.isVariableDeclaration(declaration)
      && declaration.initializer !== undefined
      && ts.isCallExpression(unwrap(declaration.initializer))
      && isPromisifiedTimeout(declaration.initializer, analysis),
  )
}
