import ts from 'typescript'
import type { AsyncFlow, Read, StaleRead, Write } from './flowFacts.ts'
import { FlowState, joinValues, NOTHING, type Value } from './flowState.ts'
import { rootName, scanFunction } from './functionScan.ts'
import { locationOf } from './locations.ts'
import { type FunctionNode, isAssignment, isFunctionNode, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** Methods that make a new collection from their receiver, so that the receiver's value lives on in the result. */
const DERIVING_METHODS = new Set(['concat', 'slice', 'map', 'filter', 'flat', 'toSorted', 'toReversed', 'toSpliced', 'with', 'trim', 'replace', 'add', 'plus', 'minus'])

/** The half of the walk that evaluates expressions: reads, writes, calls and suspensions in the order of the language. */
export class ExpressionFlow {
  readonly #fn: FunctionNode
  protected readonly types: TypeQuestions
  /** For each open `try`: the states in which its body may be left by a throw. */
  protected readonly throws: FlowState[][] = []
  protected state = FlowState.initial()
  readonly #suspensions = new Set<ts.Node>()
  readonly #reads = new Map<ts.Expression, Read>()
  readonly #writes = new Map<ts.Expression, Write>()
  readonly #calls = new Map<ts.CallExpression, boolean>()

  constructor(fn: FunctionNode, types: TypeQuestions) {
    this.#fn = fn
    this.types = types
  }

  result(): AsyncFlow {
    return {
      suspensions: [...this.#suspensions],
      reads: [...this.#reads.values()],
      writes: [...this.#writes.values()],
      calls: [...this.#calls].map(([node, afterSuspension]) => ({ node, afterSuspension })),
    }
  }

  protected bind(name: ts.BindingName, value: Value): void {
    if (ts.isIdentifier(name)) {
      const symbol = this.types.localSymbol(name)
      if (symbol) this.state = this.state.withLocal(symbol, value)
      return
    }
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue
      const fallback = element.initializer ? this.optional(element.initializer) : NOTHING
      this.bind(element.name, joinValues(value, fallback))
    }
  }

  protected branch(condition: ts.Expression, whenTrue: () => void, whenFalse: () => void): void {
    this.expression(condition)
    const before = this.state
    whenTrue()
    const after = this.state
    this.state = before
    whenFalse()
    this.state = this.state.join(after)
  }

  /** Evaluates something that may be skipped: a default value, the right side of `&&`. */
  protected optional(node: ts.Expression): Value {
    const before = this.state
    const value = this.expression(node)
    this.state = this.state.join(before)
    return value
  }

  protected suspend(node: ts.Node): void {
    this.#suspensions.add(node)
    this.state = this.state.suspended()
    this.throws.at(-1)?.push(this.state)
  }

  #all(nodes: readonly ts.Expression[]): Value {
    return nodes.reduce<Value>((value, node) => joinValues(value, this.expression(node)), NOTHING)
  }

  protected expression(raw: ts.Expression): Value {
    const node = unwrap(raw)
    if (ts.isAwaitExpression(node)) {
      const value = this.expression(node.expression)
      this.suspend(node)
      return value
    }
    if (ts.isYieldExpression(node)) {
      if (node.expression) this.expression(node.expression)
      this.suspend(node)
      return NOTHING
    }
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return this.#read(node)
    if (isAssignment(node)) return this.#assignment(node)
    if (ts.isBinaryExpression(node)) return this.#binary(node)
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node)
    if (ts.isConditionalExpression(node)) {
      let value = NOTHING
      this.branch(node.condition, () => { value = this.expression(node.whenTrue) }, () => {
        value = joinValues(value, this.expression(node.whenFalse))
      })
      return value
    }
    if (ts.isCallExpression(node)) return this.#call(node)
    if (ts.isNewExpression(node)) return this.#all([node.expression, ...(node.arguments ?? [])]).asGiven()
    if (ts.isTaggedTemplateExpression(node)) {
      this.expression(node.tag)
      return this.expression(node.template).asGiven()
    }
    if (ts.isTemplateExpression(node)) return this.#all(node.templateSpans.map((span) => span.expression))
    if (ts.isArrayLiteralExpression(node)) return this.#all(node.elements)
    if (ts.isSpreadElement(node)) return this.expression(node.expression)
    if (ts.isObjectLiteralExpression(node)) return this.#object(node)
    if (ts.isVoidExpression(node) || ts.isTypeOfExpression(node) || ts.isDeleteExpression(node)) {
      this.expression(node.expression)
      return NOTHING
    }
    if (isFunctionNode(node)) return NOTHING
    let value = NOTHING
    ts.forEachChild(node, (child) => { if (ts.isExpression(child)) value = joinValues(value, this.expression(child)) })
    return value
  }

  #object(node: ts.ObjectLiteralExpression): Value {
    let value = NOTHING
    for (const property of node.properties) {
      if (property.name && ts.isComputedPropertyName(property.name)) this.expression(property.name.expression)
      if (ts.isPropertyAssignment(property)) value = joinValues(value, this.expression(property.initializer))
      else if (ts.isShorthandPropertyAssignment(property)) value = joinValues(value, this.expression(property.name))
      else if (ts.isSpreadAssignment(property)) value = joinValues(value, this.expression(property.expression))
    }
    return value
  }

  #read(node: ts.Identifier | ts.PropertyAccessExpression | ts.ElementAccessExpression): Value {
    if (ts.isElementAccessExpression(node)) this.expression(node.argumentExpression)
    if (!this.#matters(node)) return ts.isIdentifier(node) ? NOTHING : this.#receiver(node)
    const location = locationOf(node, this.#fn, this.types)
    if (location === undefined) return ts.isIdentifier(node) ? NOTHING : this.expression(node.expression)
    if (location.ownership === 'local' && location.symbol) return this.state.local(location.symbol)
    const read = this.#reads.get(node) ?? { node, location }
    this.#reads.set(node, read)
    this.state = this.state.fresh(node)
    return NOTHING.with(read, true)
  }

  #assignment(node: ts.BinaryExpression): Value {
    const operator = node.operatorToken.kind
    if (operator === ts.SyntaxKind.EqualsToken) {
      const value = this.expression(node.right)
      this.assign(node.left, value)
      return value
    }
    const current = this.expression(node.left)
    const logical =
      operator === ts.SyntaxKind.BarBarEqualsToken ||
      operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
      operator === ts.SyntaxKind.QuestionQuestionEqualsToken
    if (logical) {
      // `cache ??= await load()` writes only what it loaded: the old value decides, but does not live on.
      const before = this.state
      const value = this.expression(node.right)
      this.assign(node.left, value)
      this.state = this.state.join(before)
      return joinValues(current, value)
    }
    const value = joinValues(current, this.expression(node.right))
    this.assign(node.left, value)
    return value
  }

  /** Only what the function also writes, or a local that holds such a value, can grow stale; few names are either. */
  #matters(node: ts.Expression): boolean {
    if (this.state.holdsReads) return true
    return scanFunction(this.#fn).assigned.has(rootName(node))
  }

  /** The receiver of a property access may have calls and awaits inside. */
  #receiver(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Value {
    const inner = unwrap(node.expression)
    return ts.isIdentifier(inner) || inner.kind === ts.SyntaxKind.ThisKeyword ? NOTHING : this.expression(inner).asGiven()
  }

  protected assign(raw: ts.Expression, value: Value): void {
    const target = unwrap(raw)
    if (ts.isArrayLiteralExpression(target)) {
      for (const element of target.elements) if (!ts.isOmittedExpression(element)) this.assign(element, value)
      return
    }
    if (ts.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (ts.isPropertyAssignment(property)) this.assign(property.initializer, value)
        else if (ts.isShorthandPropertyAssignment(property)) this.assign(property.name, value)
      }
      return
    }
    const location = locationOf(target, this.#fn, this.types)
    if (location === undefined) return
    if (location.ownership === 'local' && location.symbol) {
      this.state = ts.isIdentifier(target)
        ? this.state.withLocal(location.symbol, value)
        : this.state.withLocal(location.symbol, joinValues(this.state.local(location.symbol), value))
      return
    }
    const stale: StaleRead[] = []
    for (const [read, direct] of value.reads) {
      if (read.location.key === location.key && this.state.isStale(read.node)) stale.push({ read, direct })
    }
    const previous = this.#writes.get(target)
    this.#writes.set(target, {
      node: target,
      location,
      stale: stale.length > 0 ? stale : (previous?.stale ?? []),
      afterSuspension: this.state.hasSuspended || (previous?.afterSuspension ?? false),
    })
  }

  #unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Value {
    const value = this.expression(node.operand)
    if (node.operator !== ts.SyntaxKind.PlusPlusToken && node.operator !== ts.SyntaxKind.MinusMinusToken) return value
    this.assign(node.operand, value)
    return value
  }

  #binary(node: ts.BinaryExpression): Value {
    const operator = node.operatorToken.kind
    const left = this.expression(node.left)
    switch (operator) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.BarBarToken:
      case ts.SyntaxKind.QuestionQuestionToken:
        return joinValues(left, this.optional(node.right))
      case ts.SyntaxKind.CommaToken:
        return this.expression(node.right)
      default: {
        const right = this.expression(node.right)
        return COMPARISONS.has(operator) ? NOTHING : joinValues(left, right)
      }
    }
  }

  #call(node: ts.CallExpression): Value {
    const callee = unwrap(node.expression)
    let kept = NOTHING
    if (ts.isPropertyAccessExpression(callee)) {
      const receiver = this.expression(callee.expression)
      kept = DERIVING_METHODS.has(callee.name.text) ? receiver : receiver.asGiven()
    } else this.expression(callee)
    const given = node.questionDotToken ? this.#guardedArguments(node) : this.#all(node.arguments)
    this.#calls.set(node, this.state.hasSuspended || (this.#calls.get(node) ?? false))
    this.throws.at(-1)?.push(this.state)
    return joinValues(kept, given.asGiven())
  }

  #guardedArguments(node: ts.CallExpression): Value {
    const before = this.state
    const value = this.#all(node.arguments)
    this.state = this.state.join(before)
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
