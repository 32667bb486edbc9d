import ts from 'typescript'
import { FlowState, joinValues, NOTHING, type Value } from './flowState.ts'
import { type Location, locationOf } from './locations.ts'
import { type FunctionNode, isAssignment, isFunctionNode, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** A read of a location. */
export interface Read {
  readonly node: ts.Expression
  readonly location: Location
}

/** A read whose value reached a write after a suspension: others may have written in between. */
export interface StaleRead {
  readonly read: Read
  /** Whether the written value is computed from the read one, rather than returned by a call that was given it. */
  readonly direct: boolean
}

export interface Write {
  readonly node: ts.Expression
  readonly location: Location
  readonly stale: readonly StaleRead[]
  /** Whether a suspension may lie between the start of the function and this write. */
  readonly afterSuspension: boolean
}

export interface Call {
  readonly node: ts.CallExpression
  readonly afterSuspension: boolean
}

/** What happens in one activation of a function, in the order of evaluation. */
export interface AsyncFlow {
  /** Each `await`, `for await`, `yield` of an async generator and `await using`. */
  readonly suspensions: readonly ts.Node[]
  readonly reads: readonly Read[]
  readonly writes: readonly Write[]
  readonly calls: readonly Call[]
}

/**
 * Follows a function's body along its control flow, keeping for each local which reads of shared locations its
 * value comes from, and which of those reads a suspension has made stale. Nested functions are values here: they
 * run at another time and have a flow of their own.
 */
export function asyncFlow(fn: FunctionNode, types: TypeQuestions): AsyncFlow {
  const walker = new FlowWalker(fn, types)
  walker.run()
  return walker.result()
}

/** Methods that make a new collection from their receiver, so that the receiver's value lives on in the result. */
const DERIVING_METHODS = new Set(['concat', 'slice', 'map', 'filter', 'flat', 'toSorted', 'toReversed', 'toSpliced', 'with', 'trim', 'replace', 'add', 'plus', 'minus'])

interface Target {
  readonly labels: readonly string[]
  readonly breaks: FlowState[]
  readonly continues: FlowState[] | undefined
}

class FlowWalker {
  readonly #fn: FunctionNode
  readonly #types: TypeQuestions
  readonly #suspensions = new Set<ts.Node>()
  readonly #reads = new Map<ts.Expression, Read>()
  readonly #writes = new Map<ts.Expression, Write>()
  readonly #calls = new Map<ts.CallExpression, boolean>()
  readonly #targets: Target[] = []
  /** For each open `try`: the states in which its body may be left by a throw. */
  readonly #throws: FlowState[][] = []
  #pendingLabels: string[] = []
  #state = FlowState.initial()
  /** The states in which `break` left the last loop: the only way out of an endless one. */
  #left = FlowState.unreachable()

  constructor(fn: FunctionNode, types: TypeQuestions) {
    this.#fn = fn
    this.#types = types
  }

  run(): void {
    for (const parameter of this.#fn.parameters) {
      if (parameter.initializer) this.#expression(parameter.initializer)
    }
    const { body } = this.#fn
    if (body === undefined) return
    if (ts.isBlock(body)) this.#statements(body.statements)
    else this.#expression(body)
  }

  result(): AsyncFlow {
    return {
      suspensions: [...this.#suspensions],
      reads: [...this.#reads.values()],
      writes: [...this.#writes.values()],
      calls: [...this.#calls].map(([node, afterSuspension]) => ({ node, afterSuspension })),
    }
  }

  #statements(statements: readonly ts.Statement[]): void {
    for (const statement of statements) this.#statement(statement)
  }

  #statement(node: ts.Statement): void {
    if (!this.#state.reachable) return
    if (ts.isBlock(node)) this.#statements(node.statements)
    else if (ts.isExpressionStatement(node)) this.#expression(node.expression)
    else if (ts.isVariableStatement(node)) this.#declarations(node.declarationList)
    else if (ts.isIfStatement(node)) this.#branch(node.expression, () => { this.#statement(node.thenStatement) }, () => {
      if (node.elseStatement) this.#statement(node.elseStatement)
    })
    else if (ts.isReturnStatement(node)) {
      if (node.expression) this.#expression(node.expression)
      this.#state = FlowState.unreachable()
    } else if (ts.isThrowStatement(node)) {
      this.#expression(node.expression)
      this.#throws.at(-1)?.push(this.#state)
      this.#state = FlowState.unreachable()
    } else if (ts.isTryStatement(node)) this.#try(node)
    else if (ts.isSwitchStatement(node)) this.#switch(node)
    else if (ts.isLabeledStatement(node)) {
      this.#pendingLabels.push(node.label.text)
      if (ts.isIterationStatement(node.statement, true)) this.#statement(node.statement)
      else this.#breakable(false, () => { this.#statement(node.statement) })
    } else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) this.#jump(node)
    else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) this.#forEachLoop(node)
    else if (ts.isForStatement(node)) {
      if (node.initializer) {
        if (ts.isVariableDeclarationList(node.initializer)) this.#declarations(node.initializer)
        else this.#expression(node.initializer)
      }
      this.#loop(node.condition, node.statement, node.incrementor, false)
    } else if (ts.isWhileStatement(node)) this.#loop(node.expression, node.statement, undefined, false)
    else if (ts.isDoStatement(node)) this.#loop(node.expression, node.statement, undefined, true)
  }

  #declarations(list: ts.VariableDeclarationList): void {
    for (const declaration of list.declarations) {
      const value = declaration.initializer ? this.#expression(declaration.initializer) : NOTHING
      this.#bind(declaration.name, value)
    }
    // Only the end of the scope awaits the disposal, but from here on one may come at any exit.
    if ((list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) this.#suspend(list)
  }

  #bind(name: ts.BindingName, value: Value): void {
    if (ts.isIdentifier(name)) {
      const symbol = this.#types.localSymbol(name)
      if (symbol) this.#state = this.#state.withLocal(symbol, value)
      return
    }
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue
      const fallback = element.initializer ? this.#optional(element.initializer) : NOTHING
      this.#bind(element.name, joinValues(value, fallback))
    }
  }

  #branch(condition: ts.Expression, whenTrue: () => void, whenFalse: () => void): void {
    this.#expression(condition)
    const before = this.#state
    whenTrue()
    const after = this.#state
    this.#state = before
    whenFalse()
    this.#state = this.#state.join(after)
  }

  /** Evaluates something that may be skipped: a default value, the right side of `&&`. */
  #optional(node: ts.Expression): Value {
    const before = this.#state
    const value = this.#expression(node)
    this.#state = this.#state.join(before)
    return value
  }

  #try(node: ts.TryStatement): void {
    const before = this.#state
    const thrown: FlowState[] = [before]
    this.#throws.push(thrown)
    this.#statement(node.tryBlock)
    this.#throws.pop()
    let after = this.#state
    const failed = thrown.reduce((a, b) => a.join(b))
    if (node.catchClause) {
      this.#state = failed
      this.#statement(node.catchClause.block)
      after = after.join(this.#state)
    }
    if (node.finallyBlock) {
      const completes = after.reachable
      this.#state = after.join(failed)
      this.#statement(node.finallyBlock)
      if (!completes) this.#state = FlowState.unreachable()
    } else this.#state = after
  }

  #switch(node: ts.SwitchStatement): void {
    this.#expression(node.expression)
    this.#breakable(false, () => {
      const entry = this.#state
      this.#state = FlowState.unreachable()
      for (const clause of node.caseBlock.clauses) {
        const fallen = this.#state
        this.#state = entry
        if (ts.isCaseClause(clause)) this.#expression(clause.expression)
        this.#state = this.#state.join(fallen)
        this.#statements(clause.statements)
      }
      if (!node.caseBlock.clauses.some(ts.isDefaultClause)) this.#state = this.#state.join(entry)
    })
  }

  #forEachLoop(node: ts.ForOfStatement | ts.ForInStatement): void {
    const value = this.#expression(node.expression)
    const suspends = ts.isForOfStatement(node) && node.awaitModifier !== undefined
    this.#iterate(() => {
      if (suspends) this.#suspend(node)
      if (ts.isVariableDeclarationList(node.initializer)) {
        for (const declaration of node.initializer.declarations) this.#bind(declaration.name, value)
      } else this.#assign(node.initializer, value)
      this.#statement(node.statement)
    })
  }

  #loop(condition: ts.Expression | undefined, body: ts.Statement, step: ts.Expression | undefined, bodyFirst: boolean): void {
    const test = (): void => { if (condition) this.#expression(condition) }
    this.#iterate(() => {
      if (!bodyFirst) test()
      this.#statement(body)
    }, () => {
      if (step) this.#expression(step)
      if (bodyFirst) test()
    })
    if (!condition || condition.kind === ts.SyntaxKind.TrueKeyword) this.#state = this.#left
    else if (!bodyFirst) test()
  }

  /** Runs a loop body twice: what one turn leaves behind is what the next one begins with, and a third adds nothing. */
  #iterate(turn: () => void, between: () => void = () => undefined): void {
    const target: Target = { labels: this.#pendingLabels, breaks: [], continues: [] }
    this.#pendingLabels = []
    let entry = this.#state
    for (let round = 0; round < 2; round++) {
      this.#targets.push(target)
      this.#state = entry
      turn()
      this.#targets.pop()
      for (const state of target.continues ?? []) this.#state = this.#state.join(state)
      between()
      entry = entry.join(this.#state)
    }
    this.#left = target.breaks.reduce((a, b) => a.join(b), FlowState.unreachable())
    this.#state = entry.join(this.#left)
  }

  #breakable(continues: boolean, body: () => void): void {
    const target: Target = { labels: this.#pendingLabels, breaks: [], continues: continues ? [] : undefined }
    this.#pendingLabels = []
    this.#targets.push(target)
    body()
    this.#targets.pop()
    this.#state = target.breaks.reduce((a, b) => a.join(b), this.#state)
  }

  #jump(node: ts.BreakOrContinueStatement): void {
    const label = node.label?.text
    const isContinue = ts.isContinueStatement(node)
    const target = this.#targets.findLast((candidate) =>
      label === undefined ? !isContinue || candidate.continues !== undefined : candidate.labels.includes(label))
    const list = isContinue ? target?.continues : target?.breaks
    list?.push(this.#state)
    this.#state = FlowState.unreachable()
  }

  #suspend(node: ts.Node): void {
    this.#suspensions.add(node)
    this.#state = this.#state.suspended()
    this.#throws.at(-1)?.push(this.#state)
  }

  #all(nodes: readonly ts.Expression[]): Value {
    return nodes.reduce<Value>((value, node) => joinValues(value, this.#expression(node)), NOTHING)
  }

  #expression(raw: ts.Expression): Value {
    const node = unwrap(raw)
    if (ts.isAwaitExpression(node)) {
      const value = this.#expression(node.expression)
      this.#suspend(node)
      return value
    }
    if (ts.isYieldExpression(node)) {
      if (node.expression) this.#expression(node.expression)
      this.#suspend(node)
      return NOTHING
    }
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return this.#read(node)
    if (isAssignment(node)) return this.#assignment(node)
    if (ts.isBinaryExpression(node)) return this.#binary(node)
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node)
    if (ts.isConditionalExpression(node)) {
      let value = NOTHING
      this.#branch(node.condition, () => { value = this.#expression(node.whenTrue) }, () => {
        value = joinValues(value, this.#expression(node.whenFalse))
      })
      return value
    }
    if (ts.isCallExpression(node)) return this.#call(node)
    if (ts.isNewExpression(node)) return this.#all([node.expression, ...(node.arguments ?? [])]).asGiven()
    if (ts.isTaggedTemplateExpression(node)) {
      this.#expression(node.tag)
      return this.#expression(node.template as ts.Expression).asGiven()
    }
    if (ts.isTemplateExpression(node)) return this.#all(node.templateSpans.map((span) => span.expression))
    if (ts.isArrayLiteralExpression(node)) return this.#all(node.elements)
    if (ts.isSpreadElement(node)) return this.#expression(node.expression)
    if (ts.isObjectLiteralExpression(node)) return this.#object(node)
    if (ts.isVoidExpression(node) || ts.isTypeOfExpression(node) || ts.isDeleteExpression(node)) {
      this.#expression(node.expression)
      return NOTHING
    }
    if (isFunctionNode(node)) return NOTHING
    let value = NOTHING
    ts.forEachChild(node, (child) => { if (ts.isExpression(child)) value = joinValues(value, this.#expression(child)) })
    return value
  }

  #object(node: ts.ObjectLiteralExpression): Value {
    let value = NOTHING
    for (const property of node.properties) {
      if (property.name && ts.isComputedPropertyName(property.name)) this.#expression(property.name.expression)
      if (ts.isPropertyAssignment(property)) value = joinValues(value, this.#expression(property.initializer))
      else if (ts.isShorthandPropertyAssignment(property)) value = joinValues(value, this.#expression(property.name))
      else if (ts.isSpreadAssignment(property)) value = joinValues(value, this.#expression(property.expression))
    }
    return value
  }

  #read(node: ts.Identifier | ts.PropertyAccessExpression | ts.ElementAccessExpression): Value {
    if (ts.isElementAccessExpression(node)) this.#expression(node.argumentExpression)
    const location = locationOf(node, this.#fn, this.#types)
    if (location === undefined) return ts.isIdentifier(node) ? NOTHING : this.#expression(node.expression)
    if (location.ownership === 'local' && location.symbol) return this.#state.local(location.symbol)
    const read = this.#reads.get(node) ?? { node, location }
    this.#reads.set(node, read)
    this.#state = this.#state.fresh(node)
    return NOTHING.with(read, true)
  }

  #assignment(node: ts.BinaryExpression): Value {
    const operator = node.operatorToken.kind
    if (operator === ts.SyntaxKind.EqualsToken) {
      const value = this.#expression(node.right)
      this.#assign(node.left, value)
      return value
    }
    const current = this.#expression(node.left)
    const logical =
      operator === ts.SyntaxKind.BarBarEqualsToken ||
      operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
      operator === ts.SyntaxKind.QuestionQuestionEqualsToken
    if (logical) {
      // `cache ??= await load()` writes only what it loaded: the old value decides, but does not live on.
      const before = this.#state
      const value = this.#expression(node.right)
      this.#assign(node.left, value)
      this.#state = this.#state.join(before)
      return joinValues(current, value)
    }
    const value = joinValues(current, this.#expression(node.right))
    this.#assign(node.left, value)
    return value
  }

  #assign(raw: ts.Expression, value: Value): void {
    const target = unwrap(raw)
    if (ts.isArrayLiteralExpression(target)) {
      for (const element of target.elements) if (!ts.isOmittedExpression(element)) this.#assign(element, value)
      return
    }
    if (ts.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (ts.isPropertyAssignment(property)) this.#assign(property.initializer, value)
        else if (ts.isShorthandPropertyAssignment(property)) this.#assign(property.name, value)
      }
      return
    }
    const location = locationOf(target, this.#fn, this.#types)
    if (location === undefined) return
    if (location.ownership === 'local' && location.symbol) {
      this.#state = ts.isIdentifier(target)
        ? this.#state.withLocal(location.symbol, value)
        : this.#state.withLocal(location.symbol, joinValues(this.#state.local(location.symbol), value))
      return
    }
    const stale: StaleRead[] = []
    for (const [read, direct] of value.reads) {
      if (read.location.key === location.key && this.#state.isStale(read.node)) stale.push({ read, direct })
    }
    const previous = this.#writes.get(target)
    this.#writes.set(target, {
      node: target,
      location,
      stale: stale.length > 0 ? stale : (previous?.stale ?? []),
      afterSuspension: this.#state.hasSuspended || (previous?.afterSuspension ?? false),
    })
  }

  #unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Value {
    const value = this.#expression(node.operand)
    if (node.operator !== ts.SyntaxKind.PlusPlusToken && node.operator !== ts.SyntaxKind.MinusMinusToken) return value
    this.#assign(node.operand, value)
    return value
  }

  #binary(node: ts.BinaryExpression): Value {
    const operator = node.operatorToken.kind
    const left = this.#expression(node.left)
    switch (operator) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.BarBarToken:
      case ts.SyntaxKind.QuestionQuestionToken:
        return joinValues(left, this.#optional(node.right))
      case ts.SyntaxKind.CommaToken:
        return this.#expression(node.right)
      default: {
        const right = this.#expression(node.right)
        return COMPARISONS.has(operator) ? NOTHING : joinValues(left, right)
      }
    }
  }

  #call(node: ts.CallExpression): Value {
    const callee = unwrap(node.expression)
    let kept = NOTHING
    if (ts.isPropertyAccessExpression(callee)) {
      const receiver = this.#expression(callee.expression)
      kept = DERIVING_METHODS.has(callee.name.text) ? receiver : receiver.asGiven()
    } else this.#expression(callee)
    const given = node.questionDotToken ? this.#guardedArguments(node) : this.#all(node.arguments)
    this.#calls.set(node, this.#state.hasSuspended || (this.#calls.get(node) ?? false))
    this.#throws.at(-1)?.push(this.#state)
    return joinValues(kept, given.asGiven())
  }

  #guardedArguments(node: ts.CallExpression): Value {
    const before = this.#state
    const value = this.#all(node.arguments)
    this.#state = this.#state.join(before)
    return value
  }
}

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.InKeyword,
  ts.SyntaxKind.InstanceOfKeyword,
])
