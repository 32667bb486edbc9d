import ts from 'typescript'
import {
  EFFECT_WORDS,
  HARMLESS_EFFECTS,
  LASTING_EFFECTS,
  LOADING_NAMES,
  LOOKUP_NAMES,
  MAKING_NAMES,
  MODEL_REQUESTS,
  READING_COMMANDS,
  RELEASE_METHODS,
  REPEATED_NAMES,
  STANDING_EFFECTS,
} from '../knowledge/effectNames.ts'
import {
  calleeName,
  dottedName,
  enclosingFunction,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  someOwnNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Far enough for a method that calls a helper that connects. */
const MAX_DEPTH = 2

/**
 * A call that leaves something behind each time it runs (a connection, a registration, a process, a record), so that
 * running it twice differs from running it once; undefined where a second run finds or computes what the first did.
 *
 * @param first Where to begin, as an offset into the file.
 * @param last Where to end.
 */
export function lastingEffectIn(
  fn: FunctionNode,
  first: number,
  last: number,
  types: TypeQuestions,
): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined
  forEachOwnNode(fn, (node) => {
    if (found || !ts.isCallExpression(node) || node.getStart() < first || node.end > last) return
    if (isOnWayOut(node, last)) return
    if (hasLastingEffect(node, types)) found = node
  })
  return found
}

/** Whether a call stands in a branch that leaves the function, so that it never comes to `last`. */
function isOnWayOut(call: ts.Node, last: number): boolean {
  for (let at = call; !isFunctionNode(at.parent) && !ts.isSourceFile(at.parent); at = at.parent) {
    const { parent } = at
    if (!ts.isIfStatement(parent) || parent.expression === at || parent.end >= last) continue
    const end = ts.isBlock(at) ? at.statements.at(-1) : at
    if (end && (ts.isReturnStatement(end) || ts.isThrowStatement(end))) return true
  }
  return false
}

/** Whether a call itself leaves something behind each time it runs, or calls what does. */
export function hasLastingEffect(call: ts.CallExpression, types: TypeQuestions, depth = 0): boolean {
  const name = calleeName(call)
  if (name === undefined || HARMLESS_EFFECTS.test(name) || MODEL_REQUESTS.test(call.expression.getText())) return false
  if (isRegistration(call, name, types)) return !isOnOwnEmitter(call, types) && !isEndedBelow(call)
  const isAwaited = ts.isAwaitExpression(call.parent)
  const isNamed = LASTING_EFFECTS.test(name) && !isIdempotent(call)
  if (!isAwaited || (!isNamed && (depth >= MAX_DEPTH || LOOKUP_NAMES.test(name) || REPEATED_NAMES.test(name))))
    return false
  if (isEndedBelow(call)) return false
  const callee = types.functionOf(call.expression)
  if (LOADING_NAMES.test(name) && !isKeptWhole(call)) return false
  // `const settings = await connection.sendRequest(…)` asks for what it keeps.
  if (name === 'sendRequest' && isKeptWhole(call)) return false
  if (isNamed && MAKING_NAMES.test(name)) return leavesMore(call, callee, types, depth)
  if (isNamed) return callee === undefined || !isDoneAlready(callee)
  const isSaid = depth > 0 || EFFECT_WORDS.test(name)
  return isSaid && callee !== undefined && doesLasting(callee, types, depth + 1)
}

/**
 * Whether what a call leaves behind stands for itself, so that it harms also where the value that it gives is dropped: a
 * connection is open, a message on the screen, a listener called; or a function that it calls does so. What is ended where
 * nothing fails does not.
 */
export function leavesStanding(call: ts.CallExpression, types: TypeQuestions, depth = 0): boolean {
  const name = calleeName(call) ?? ''
  if (isEndedInBlock(call)) return false
  if (STANDING_EFFECTS.test(name) || isRegistration(call, name, types)) return true
  const callee = depth < MAX_DEPTH ? types.functionOf(call.expression) : undefined
  return (
    callee !== undefined
    && someOwnNode(
      callee,
      (node) =>
        ts.isCallExpression(node)
        && !isDoneOnce(node)
        && hasLastingEffect(node, types, depth + 1)
        && leavesStanding(node, types, depth + 1),
    )
  )
}

/** Whether a call that makes something leaves more behind than that; if that is all, a second one is as good as the first. */
function leavesMore(
  call: ts.CallExpression,
  callee: FunctionNode | undefined,
  types: TypeQuestions,
  depth: number,
): boolean {
  if (types.hasMethod(call.parent as ts.AwaitExpression, RELEASE_METHODS)) return true
  if (callee?.body) return depth < MAX_DEPTH && !isDoneAlready(callee) && doesLasting(callee, types, depth + 1)
  // `Store.open(name)`: a static method of a class mostly knows what it has made before; `client.create(…)` is a request.
  const made = unwrap(call.expression)
  const owner = ts.isPropertyAccessExpression(made) ? unwrap(made.expression) : undefined
  if (owner && ts.isIdentifier(owner) && isJustMade(owner, types)) return false
  const ownerName =
    owner && (ts.isIdentifier(owner) ? owner.text : ts.isPropertyAccessExpression(owner) ? owner.name.text : undefined)
  return ownerName === undefined || !/^[A-Z]/u.test(ownerName)
}

/**
 * `if (this.connectPromise) return this.connectPromise` at the head of a method, which finds by itself what an earlier call
 * began; or nothing but `return Promise.resolve(this.connection)`.
 */
function isDoneAlready({ body }: FunctionNode): boolean {
  const [head] = body && ts.isBlock(body) ? body.statements : []
  if (head === undefined) return false
  if (ts.isReturnStatement(head)) return head.expression !== undefined && isPlace(head.expression)
  if (!ts.isIfStatement(head)) return false
  const end = ts.isBlock(head.thenStatement) ? head.thenStatement.statements.at(-1) : head.thenStatement
  if (end === undefined || !ts.isReturnStatement(end)) return false
  const isGiven = end.expression !== undefined && end.expression.getText() === head.expression.getText()
  return OWN_PROGRESS.test(head.expression.getText()) || (isGiven && isPlace(head.expression))
}

/** `this.connection`, also as a promise. */
function isPlace(node: ts.Expression): boolean {
  const place = unwrap(node)
  const [given] = isMethodCall(place, 'resolve') ? place.arguments : []
  const at = given ? unwrap(given) : place
  return ts.isPropertyAccessExpression(at) && dottedName(at) !== undefined
}

/** Fields by which an object knows how far it is. */
const OWN_PROGRESS = /\bthis\.#?\w*(?:promise|pending|socket|connect|started|ready|initiali[sz]ed)/iu

function doesLasting(fn: FunctionNode, types: TypeQuestions, depth: number): boolean {
  let found = false
  forEachOwnNode(fn, (node) => {
    if (!found && ts.isCallExpression(node) && !isDoneOnce(node)) found = hasLastingEffect(node, types, depth)
  })
  return found
}

/** `if (!this.isInitialized) await this.read()`: what is called looks for itself, and answers for that. */
function isDoneOnce(call: ts.CallExpression): boolean {
  return (
    ts.findAncestor(call, (at) => {
      if (isFunctionNode(at)) return 'quit'
      const { parent } = at
      return (
        ts.isIfStatement(parent)
        && parent.thenStatement === at
        && ts.isPrefixUnaryExpression(parent.expression)
        && parent.expression.operator === ts.SyntaxKind.ExclamationToken
        && OWN_PROGRESS.test(parent.expression.getText())
      )
    }) !== undefined
  )
}

/** `const it = new It(); await it.init()`: part of making it. */
function isJustMade(name: ts.Identifier, types: TypeQuestions): boolean {
  const declaration = types.localSymbol(name)?.valueDeclaration
  return (
    declaration !== undefined
    && ts.isVariableDeclaration(declaration)
    && declaration.initializer !== undefined
    && ts.isNewExpression(unwrap(declaration.initializer))
    && enclosingFunction(declaration) === enclosingFunction(name)
  )
}

/** `emitter.on('end', …)`, `service.onDidChange(…)`: every further listener runs too. */
function isRegistration(call: ts.CallExpression, name: string, types: TypeQuestions): boolean {
  if (!isMethodCall(call) || !/^(?:on|once|addListener|addEventListener|subscribe)$|^on[A-Z]/u.test(name)) return false
  if (call.arguments.some((argument) => isFunctionExpression(unwrap(argument)))) return true
  // `this.subscribe(topic, options)` is a request rather than a listener.
  const isOwn = unwrap(call.expression.expression).kind === ts.SyntaxKind.ThisKeyword
  const isCalledBack = (node: ts.Expression): boolean =>
    types.hasMethod(node, ['call']) || (!isOwn && types.isUntyped(node))
  if (name === 'subscribe' && !call.arguments.some(isCalledBack)) return false
  // `await props.onUpdate?.(state)` tells a listener; nobody waits for the handle that registering gives.
  const isTold = /^on[A-Z]/u.test(name) && (ts.isAwaitExpression(call.parent) || call.questionDotToken !== undefined)
  return !isTold && call.arguments.some((argument) => dottedName(argument) !== undefined)
}

/** `const child = spawn(…); child.on('exit', …)`: the emitter is new each time, so that nothing adds up. */
function isOnOwnEmitter(call: ts.CallExpression, types: TypeQuestions): boolean {
  let root = unwrap(call.expression)
  while (ts.isPropertyAccessExpression(root)) root = unwrap(root.expression)
  const declaration = ts.isIdentifier(root) ? types.localSymbol(root)?.valueDeclaration : undefined
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false
  if (enclosingFunction(declaration) !== enclosingFunction(call)) return false
  const made = unwrap(declaration.initializer)
  return ts.isNewExpression(made) || (ts.isCallExpression(made) && !LOOKUP_NAMES.test(calleeName(made) ?? ''))
}

/** `const it = await open(…); try { … } finally { it.close() }`, `all.push(token.onCancel(…))`: over when the function is. */
function isEndedBelow(call: ts.CallExpression): boolean {
  const body = enclosingFunction(call)?.body
  const { parent } = wrapperOf(ts.isAwaitExpression(call.parent) ? call.parent : call)
  if (ts.isVariableDeclaration(parent) && (parent.parent.flags & ts.NodeFlags.Using) !== 0) return true
  const isPushed = isMethodCall(parent, 'push', 'add') && ts.isIdentifier(parent.expression.expression)
  const keeper = isPushed
    ? parent.expression.expression
    : ts.isVariableDeclaration(parent)
      ? parent.name
      : isAssignment(parent)
        ? parent.left
        : undefined
  if (body === undefined) return false
  return someOwnNode(
    body,
    (node) =>
      ts.isTryStatement(node)
      && node.finallyBlock !== undefined
      && someOwnNode(node.finallyBlock, (at) => isTakenBack(at, call) || ends(at, keeper)),
  )
}

function ends(node: ts.Node, keeper: ts.Node | undefined): boolean {
  return (
    isMethodCall(node, ...RELEASE_METHODS, 'unsubscribe', 'release', 'unlock')
    && node.expression.expression.getText() === keeper?.getText()
  )
}

/** `const it = await open(…); …; await it.close()`: where nothing fails, over at the end of the block that it is made in. */
function isEndedInBlock(call: ts.CallExpression): boolean {
  const { parent } = wrapperOf(ts.isAwaitExpression(call.parent) ? call.parent : call)
  const made = ts.isVariableDeclaration(parent) ? parent.parent.parent : undefined
  if (!made || !ts.isVariableDeclaration(parent) || !ts.isVariableStatement(made) || !ts.isBlock(made.parent))
    return false
  return made.parent.statements.some((statement) => {
    if (statement.pos < made.end || !ts.isExpressionStatement(statement)) return false
    const done = unwrap(statement.expression)
    return ends(ts.isAwaitExpression(done) ? unwrap(done.expression) : done, parent.name)
  })
}

/** `client.off('drag', heard)` of `client.on('drag', heard)`. */
function isTakenBack(node: ts.Node, call: ts.CallExpression): boolean {
  return (
    isMethodCall(node, 'off', 'removeListener', 'removeEventListener', 'unsubscribe')
    && isMethodCall(call)
    && node.expression.expression.getText() === call.expression.expression.getText()
    && node.arguments[0]?.getText() === call.arguments[0]?.getText()
  )
}

/** `const model = await loadModel(…)`, as against `await server.loadModel(…)` and `const { success } = await …`. */
function isKeptWhole(call: ts.CallExpression): boolean {
  const { parent } = wrapperOf(call.parent)
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name)
  return !ts.isExpressionStatement(parent)
}

/** `mkdir(path, { recursive: true })`, `CREATE TABLE IF NOT EXISTS …`: the second run finds the work done. */
function isIdempotent(call: ts.CallExpression): boolean {
  const command = call.arguments[0] && unwrap(call.arguments[0])
  if (command && ts.isNewExpression(command) && READING_COMMANDS.test(calleeName(command) ?? '')) return true
  return call.arguments.some((argument) =>
    /recursive:\s*true|IF NOT EXISTS|ifNotExists|OR REPLACE|ON CONFLICT|flag: 'a'/iu.test(argument.getText()),
  )
}
