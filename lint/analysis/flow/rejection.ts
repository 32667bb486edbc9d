import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { isOnlyResolved } from './deferreds.ts'
import { pushedTo } from './filledLists.ts'
import { knownImport } from '../code/imports.ts'
import {
  ANSWER_METHODS,
  EXISTENCE_CHECKS,
  RECORDER_NAMES,
  RESPONSE_NAMES,
  SLEEP_NAMES,
  SWALLOWING_OPTIONS,
} from '../knowledge/names.ts'
import { perNode } from '../code/perNode.ts'
import { handlesRejection } from './promiseFate.ts'
import { queuedJobsOf } from './queuedJobs.ts'
import {
  findNode,
  calleeName,
  enclosingFunction,
  type FunctionNode,
  isAssignment,
  isAsync,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  isPromiseCombinator,
  someNode,
  someOwnNode,
  unwrap,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Deep enough for service → client → request; whatever lies deeper is taken for something that may fail. */
const MAX_DEPTH = 8

/**
 * Can this promise reject, and where would that begin? Callees are entered as far as their bodies are in the program; what
 * has none may fail. A synchronous call is not expected to throw: nearly every call could, and hardly one is meant to.
 */
export class Rejections {
  readonly #types: TypeQuestions
  readonly #done = new Map<FunctionNode, ts.Node | undefined>()
  readonly #open: FunctionNode[] = []
  /** The outermost open function that an answer leaned on: until that one is known, the answer is provisional. */
  #leansOn = Infinity

  constructor(types: TypeQuestions) {
    this.#types = types
  }

  /**
   * What may make the promise of a function reject: a `throw`, or something awaited that may fail. A function that calls
   * itself adds nothing by that: it fails only if something else in the cycle does.
   */
  causeIn(fn: FunctionNode): ts.Node | undefined {
    if (this.#done.has(fn)) return this.#done.get(fn)
    const at = this.#open.indexOf(fn)
    if (at !== -1) {
      this.#leansOn = Math.min(this.#leansOn, at)
      return undefined
    }
    if (this.#open.length >= MAX_DEPTH) return fn
    const depth = this.#open.push(fn) - 1
    const outer = this.#leansOn
    this.#leansOn = Infinity
    const cause = this.#causeIn(fn)
    this.#open.pop()
    const isProvisional = cause === undefined && this.#leansOn < depth
    if (!isProvisional) this.#done.set(fn, cause)
    this.#leansOn = Math.min(outer, isProvisional ? this.#leansOn : Infinity)
    return cause
  }

  /** What may make the promise that an expression stands for reject; undefined where nothing does, or it is no promise. */
  causeOf(expression: ts.Expression): ts.Node | undefined {
    const node = unwrap(expression)
    if (ts.isConditionalExpression(node)) return this.causeOf(node.whenTrue) ?? this.causeOf(node.whenFalse)
    if (ts.isBinaryExpression(node)) return this.causeOf(node.left) ?? this.causeOf(node.right)
    if (ts.isNewExpression(node)) return this.#causeOfNew(node)
    if (ts.isCallExpression(node)) return this.#causeOfCall(node)
    if (ts.isAwaitExpression(node)) return this.causeOf(node.expression)
    if (isPlainValue(node)) return undefined
    const value = ts.isIdentifier(node) ? this.#constantValue(node) : undefined
    // What has been awaited has come; where it was awaited, its failure has been counted.
    if (value) return ts.isAwaitExpression(unwrap(value)) ? undefined : this.causeOf(value)
    if (ts.isPropertyAccessExpression(node) && isOnlyResolved(node, this.#types)) return undefined
    return this.#types.thenable(node) === 'never' ? undefined : node
  }

  #constantValue(name: ts.Identifier): ts.Expression | undefined {
    const declaration = this.#types.localSymbol(name)?.declarations?.[0]
    if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined
    const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
    return isConst || isSetOnce(declaration, declaration.name.text) ? declaration.initializer : undefined
  }

  #causeIn(fn: FunctionNode): ts.Node | undefined {
    if (fn.body === undefined) return fn
    if (!ts.isBlock(fn.body)) return this.#causeOfResult(fn.body, isAsync(fn))
    return isAsync(fn) ? (ownThrow(fn.body) ?? this.#causeBelow(fn.body)) : this.#causeInReturns(fn.body)
  }

  /** `async () => a(await b())` awaits besides giving its result. */
  #causeOfResult(result: ts.Expression, awaits: boolean): ts.Node | undefined {
    return this.causeOf(result) ?? (awaits ? this.#causeBelow(result) : undefined)
  }

  #causeInReturns(body: ts.Block): ts.Node | undefined {
    const visit = (node: ts.Node): ts.Node | undefined => {
      if (isFunctionNode(node) || ts.isClassLike(node)) return undefined
      if (ts.isReturnStatement(node)) return node.expression && this.causeOf(node.expression)
      return forEachChild(node, visit)
    }
    return visit(body)
  }

  /**
   * Where control may leave the code below `root` by a throw, or a promise that may reject becomes the result.
   *
   * @param isAnswer Whether the code answers a failure: then a result that nobody can see is taken for a value.
   */
  #causeBelow(root: ts.Node, isAnswer = false): ts.Node | undefined {
    const visit = (node: ts.Node): ts.Node | undefined => {
      if (isFunctionNode(node) || ts.isClassLike(node)) return undefined
      if (ts.isThrowStatement(node)) return node
      if (ts.isTryStatement(node) && node.catchClause) return this.#causeInTry(node, node.catchClause)
      if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return node.expression
      if (ts.isAwaitExpression(node) && !(isAnswer && isLogged(node.expression))) {
        const cause = this.causeOf(node.expression)
        if (cause) return cause
      }
      if (ts.isReturnStatement(node) && node.expression && !(isAnswer && this.#isUnseenCall(node.expression))) {
        const cause = this.causeOf(node.expression)
        if (cause) return cause
      }
      return forEachChild(node, visit)
    }
    return visit(root)
  }

  /** `return left('unknown')`, where nothing is known of `left`. */
  #isUnseenCall(result: ts.Expression): boolean {
    const node = unwrap(result)
    return ts.isCallExpression(node) && this.#types.thenable(node) === 'unknown'
  }

  /** What the handler throws; and `return p` inside `try`, which leaves the block before `p` has failed. */
  #causeInTry(node: ts.TryStatement, handler: ts.CatchClause): ts.Node | undefined {
    const escaping = this.#causeInUnawaitedReturns(node.tryBlock)
    return (
      escaping ?? this.#causeBelow(handler.block, true) ?? (node.finallyBlock && this.#causeBelow(node.finallyBlock))
    )
  }

  #causeInUnawaitedReturns(block: ts.Block): ts.Node | undefined {
    // Who waits for one thing in a block hardly forgets to wait for the next.
    const waits = someOwnNode(block, ts.isAwaitExpression)
    const visit = (node: ts.Node): ts.Node | undefined => {
      if (isFunctionNode(node) || ts.isClassLike(node)) return undefined
      if (ts.isReturnStatement(node)) {
        return node.expression && !(waits && this.#isUnseenCall(node.expression))
          ? this.#causeOfUnawaited(node.expression)
          : undefined
      }
      return forEachChild(node, visit)
    }
    return visit(block)
  }

  /** `return ok ? await text() : undefined` gives no promise on: the failure is thrown where the `await` stands. */
  #causeOfUnawaited(result: ts.Expression): ts.Node | undefined {
    const node = unwrap(result)
    if (ts.isAwaitExpression(node)) return undefined
    if (ts.isConditionalExpression(node))
      return this.#causeOfUnawaited(node.whenTrue) ?? this.#causeOfUnawaited(node.whenFalse)
    if (ts.isBinaryExpression(node)) return this.#causeOfUnawaited(node.left) ?? this.#causeOfUnawaited(node.right)
    return this.causeOf(node)
  }

  #causeOfCall(call: ts.CallExpression): ts.Node | undefined {
    if (handlesRejection(call)) return undefined
    if (isMethodCall(call, 'then', 'finally')) {
      const [callback] = call.arguments
      return this.causeOf(call.expression.expression) ?? (callback && this.#causeInCallback(callback))
    }
    if (isStaticOf(call, 'Promise', 'resolve')) return call.arguments[0] && this.causeOf(call.arguments[0])
    if (isPromiseCombinator(call)) return this.#causeOfCombinator(call)
    if (
      this.#types.thenable(call) === 'never'
      || isSleep(call, this.#types)
      || givesText(call)
      || isToldToSwallow(call)
      || answersRequest(call)
    )
      return undefined
    const called = this.#functionsRunBy(call)
    return called?.every((fn) => this.causeIn(fn) === undefined) ? undefined : call
  }

  /** The functions whose outcome is the outcome of a call; undefined where nothing is known of it. */
  #functionsRunBy(call: ts.CallExpression): readonly FunctionNode[] | undefined {
    const callee = this.#types.functionOf(call.expression)
    if (callee) return [callee]
    const name = calleeName(call) ?? ''
    if (EXISTENCE_CHECKS.test(name)) return []
    // What records work gives on what becomes of it.
    const recorded = RECORDER_NAMES.test(name) ? call.arguments.map(unwrap).find(isFunctionExpression) : undefined
    return recorded ? [recorded] : queuedJobsOf(call.expression, this.#types)
  }

  #causeOfCombinator(call: ts.CallExpression): ts.Node | undefined {
    if (isPromiseCombinator(call, 'allSettled')) return undefined
    const given = call.arguments[0] && unwrap(call.arguments[0])
    const filled = given && ts.isIdentifier(given) ? pushedTo(given, this.#types) : undefined
    if (filled) return filled.map((value) => this.causeOf(value)).find((cause) => cause !== undefined)
    const made = given && ts.isIdentifier(given) ? this.#constantValue(given) : undefined
    // Only `map` gives a list that nobody fills later.
    const list = made && isMethodCall(unwrap(made), 'map') ? unwrap(made) : given
    if (list && ts.isArrayLiteralExpression(list)) {
      for (const element of list.elements) {
        const cause = ts.isSpreadElement(element) ? element : this.causeOf(element)
        if (cause) return cause
      }
      return undefined
    }
    const callback = list && isMethodCall(list, 'map') ? list.arguments[0] : undefined
    return callback ? this.#causeInCallback(callback) : call
  }

  #causeInCallback(callback: ts.Expression): ts.Node | undefined {
    if (ts.isIdentifier(callback) && isSettler(callback, this.#types)) return undefined
    const fn = this.#types.functionOf(callback)
    return fn ? this.causeIn(fn) : callback
  }

  /** `new Promise((resolve) => …)` never rejects, unless its executor throws. */
  #causeOfNew(made: ts.NewExpression): ts.Node | undefined {
    if (!ts.isIdentifier(made.expression) || made.expression.text !== 'Promise') return undefined
    const executor = made.arguments?.[0] && unwrap(made.arguments[0])
    if (executor === undefined || !isFunctionNode(executor)) return made
    const reject = executor.parameters[1]?.name
    const { body } = executor
    if (
      reject
      && ts.isIdentifier(reject)
      && someNode(body, (node) => ts.isIdentifier(node) && node.text === reject.text)
    )
      return made
    // What resolves it may be a promise that fails.
    const resolve = executor.parameters[0]?.name
    const given = findNode(
      body,
      (node): node is ts.CallExpression =>
        ts.isCallExpression(node) && node.expression.getText() === resolve?.getText(),
    )
    const value = given?.arguments[0]
    return value && this.#types.thenable(value) === 'always' ? this.causeOf(value) : undefined
  }
}

/** Whether a name is one of the two functions that settle a new promise: they never throw. */
function isSettler(name: ts.Identifier, types: TypeQuestions): boolean {
  const parameter = types.localSymbol(name)?.valueDeclaration
  if (!parameter || !ts.isParameter(parameter)) return false
  const made = parameter.parent.parent
  return ts.isNewExpression(made) && made.expression.getText() === 'Promise' && made.arguments?.[0] === parameter.parent
}

/** A `throw` by which control leaves a body, if there is any: syntax alone tells, where what is awaited takes a look at types. */
const ownThrow = perNode((body: ts.Block): ts.Node | undefined => {
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (isFunctionNode(node) || ts.isClassLike(node)) return undefined
    if (ts.isThrowStatement(node)) return node
    if (ts.isTryStatement(node) && node.catchClause)
      return visit(node.catchClause.block) ?? (node.finallyBlock && visit(node.finallyBlock))
    return forEachChild(node, visit)
  }
  return visit(body)
})

/** Whether nothing in the function around gives a variable another value. */
function isSetOnce(declaration: ts.VariableDeclaration, name: string): boolean {
  const fn = enclosingFunction(declaration)
  const sets = (node: ts.Node): boolean =>
    (isAssignment(node) && ts.isIdentifier(node.left) && node.left.text === name)
    || ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && node.initializer.getText() === name)
  return fn?.body !== undefined && !someNode(fn.body, sets)
}

/** `debug(…)`: a handler that only tells of a failure has dealt with it. */
function isLogged(awaited: ts.Expression): boolean {
  const call = unwrap(awaited)
  return (
    ts.isCallExpression(call)
    && /^(?:debug|trace|verbose|log|info|notice|warn|warning|error)$/u.test(calleeName(call) ?? '')
  )
}

/** A pure wait fails only when its signal fires. */
function isSleep(call: ts.CallExpression, types: TypeQuestions): boolean {
  if (call.arguments.length > 1) return false
  if (SLEEP_NAMES.test(calleeName(call) ?? '')) return true
  const known = ts.isIdentifier(call.expression) ? knownImport(call.expression, types) : undefined
  return known?.knowledge.sleeps?.includes(known.origin.exported) ?? false
}

/** `request({ url, ignoreFailure: true })`. */
function isToldToSwallow(call: ts.CallExpression): boolean {
  return call.arguments.map(unwrap).some(
    (argument) =>
      ts.isObjectLiteralExpression(argument)
      && argument.properties.some((property) => {
        if (!ts.isPropertyAssignment(property)) return false
        const value = valueOf(unwrap(property.initializer))
        return SWALLOWING_OPTIONS.some((option) => option.value === value && option.name.test(property.name.getText()))
      }),
  )
}

function valueOf(node: ts.Expression): boolean | string | undefined {
  if (ts.isStringLiteral(node)) return node.text
  return node.kind === ts.SyntaxKind.TrueKeyword || (node.kind === ts.SyntaxKind.FalseKeyword ? false : undefined)
}

/** `res.status(404).send('none')`: what answers a request gives no promise, also where no type says so. */
function answersRequest(call: ts.CallExpression): boolean {
  if (!isMethodCall(call) || !ANSWER_METHODS.test(call.expression.name.text)) return false
  const receiver = unwrap(call.expression.expression)
  if (ts.isCallExpression(receiver)) return answersRequest(receiver)
  return RESPONSE_NAMES.test(ts.isPropertyAccessExpression(receiver) ? receiver.name.text : receiver.getText())
}

const TEXT_METHODS =
  /^(?:split|trim|trimStart|trimEnd|join|substring|toString|replace|replaceAll|toLowerCase|toUpperCase|startsWith|endsWith|padStart|padEnd|charCodeAt|toFixed|toISOString)$/u
const LIST_METHODS = /^(?:filter|map|flatMap|sort|reverse|slice|concat|at|pop|shift|includes|some|every)$/u

/** `text.trim()`, `text.split('\n').filter(Boolean)`: values of these names are no promises, also where no type says so. */
function givesText(call: ts.CallExpression): boolean {
  if (!isMethodCall(call)) return false
  const { name, expression } = call.expression
  const receiver = unwrap(expression)
  return (
    TEXT_METHODS.test(name.text)
    || (LIST_METHODS.test(name.text) && ts.isCallExpression(receiver) && givesText(receiver))
  )
}

function isPlainValue(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node)
    || ts.isObjectLiteralExpression(node)
    || ts.isArrayLiteralExpression(node)
    || isFunctionNode(node)
    || ts.isTemplateExpression(node)
    || node.kind === ts.SyntaxKind.TrueKeyword
    || node.kind === ts.SyntaxKind.FalseKeyword
    || node.kind === ts.SyntaxKind.NullKeyword
    || ts.isVoidExpression(node)
    || ts.isPrefixUnaryExpression(node)
  )
}

function isStaticOf(call: ts.CallExpression, owner: string, name: string): boolean {
  return isMethodCall(call, name) && call.expression.expression.getText() === owner
}
