import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { type Answer, answerOf } from '../code/answers.ts'
import { either, FlowRecorder } from './flowRecorder.ts'
import { FlowState, joinValues, NOTHING, TIES, type Value } from './flowState.ts'
import { MUTATORS, rootName, scanFunction, SHORT_CIRCUITS } from './functionScan.ts'
import { entryOf, type Location, locationOf, propertyOf } from './locations.ts'
import { isAssignment, isFunctionNode, isLogicalAssignment, isMethodCall, unwrap } from '../code/syntax.ts'

/** Methods that make a new collection from their receiver, so that the receiver's value lives on in the result. */
const DERIVING_METHODS = new Set([
  'concat',
  'slice',
  'map',
  'filter',
  'flat',
  'toSorted',
  'toReversed',
  'toSpliced',
  'with',
  'trim',
  'replace',
  'add',
  'plus',
  'minus',
])

/** The state after a condition, by how it came out. */
export interface Outcome {
  readonly yes: FlowState
  readonly no: FlowState
}

/** The half of the walk that evaluates expressions: reads, writes, calls and suspensions in the order of the language. */
export class ExpressionFlow extends FlowRecorder {
  /** Gives a name the value; `from` is the location that the value was read from, where it has one. */
  protected bind(name: ts.BindingName, value: Value, from?: Location): void {
    if (ts.isIdentifier(name)) {
      const symbol = this.types.localSymbol(name)
      if (symbol) this.state = this.state.withLocal(symbol, value)
      return
    }
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue
      if (element.propertyName && ts.isComputedPropertyName(element.propertyName))
        this.expression(element.propertyName.expression)
      const part = from && ts.isObjectBindingPattern(name) ? propertyOf(from, element) : undefined
      const read = part ? this.recordRead(element, part) : value
      const fallback = element.initializer ? this.optional(element.initializer) : NOTHING
      this.bind(element.name, joinValues(read, fallback), part)
    }
  }

  /** Runs two alternatives from the outcomes of a condition, and joins what they leave behind. */
  protected branch(condition: ts.Expression, whenTrue: () => void, whenFalse: () => void): void {
    const { yes, no } = this.test(condition)
    this.state = yes
    whenTrue()
    const after = this.state
    this.state = no
    whenFalse()
    this.state = this.state.join(after)
  }

  /** Evaluates a condition part by part, as `!`, `&&` and `||` do. */
  protected test(raw: ts.Expression): Outcome {
    return this.#test(raw).outcome
  }

  #test(raw: ts.Expression): { readonly outcome: Outcome; readonly value: Value } {
    const node = unwrap(raw)
    if (node.kind === ts.SyntaxKind.TrueKeyword)
      return { outcome: { yes: this.state, no: FlowState.unreachable() }, value: NOTHING }
    if (node.kind === ts.SyntaxKind.FalseKeyword)
      return { outcome: { yes: FlowState.unreachable(), no: this.state }, value: NOTHING }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      const { outcome, value } = this.#test(node.operand)
      return { outcome: { yes: outcome.no, no: outcome.yes }, value: value.asTested() }
    }
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind
      if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
        const isAnd = operator === ts.SyntaxKind.AmpersandAmpersandToken
        const left = this.#test(node.left)
        this.state = isAnd ? left.outcome.yes : left.outcome.no
        const right = this.#test(node.right)
        const value = joinValues(left.value, right.value)
        return isAnd
          ? {
              outcome: { yes: right.outcome.yes, no: either(left.outcome.no, left.outcome.yes, right.outcome.no) },
              value,
            }
          : {
              outcome: { yes: either(left.outcome.yes, left.outcome.no, right.outcome.yes), no: right.outcome.no },
              value,
            }
      }
    }
    const value = this.expression(node)
    return { outcome: this.decide(node, value), value }
  }

  /** Evaluates something that may be skipped: a default value, an argument behind `?.`. */
  protected optional(node: ts.Expression): Value {
    const before = this.state
    const value = this.expression(node)
    this.state = this.state.join(before)
    return value
  }

  #all(nodes: readonly ts.Expression[]): Value {
    return allOf(this.#each(nodes))
  }

  #each(nodes: readonly ts.Expression[]): readonly Value[] {
    return nodes.map((node) => this.expression(node))
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
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
      return this.#read(node)
    if (isAssignment(node)) return this.#assignment(node)
    if (ts.isBinaryExpression(node)) return this.#binary(node)
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node)
    if (ts.isConditionalExpression(node)) {
      let value = NOTHING
      this.branch(
        node.condition,
        () => {
          value = this.expression(node.whenTrue)
        },
        () => {
          value = joinValues(value, this.expression(node.whenFalse))
        },
      )
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
    if (ts.isDeleteExpression(node)) {
      this.#reference(node.expression)
      this.#write(unwrap(node.expression), NOTHING)
      return NOTHING
    }
    if (ts.isVoidExpression(node) || ts.isTypeOfExpression(node)) return this.expression(node.expression).asTested()
    if (ts.isClassExpression(node)) {
      this.classParts(node)
      return NOTHING
    }
    if (isFunctionNode(node)) return NOTHING
    return this.#children(node)
  }

  /** JSX and other nodes that evaluate their children one after another. */
  #children(node: ts.Node): Value {
    let value = NOTHING
    forEachChild(node, (child) => {
      if (ts.isExpression(child)) value = joinValues(value, this.expression(child))
      else if (!ts.isTypeNode(child) && !ts.isToken(child)) value = joinValues(value, this.#children(child))
    })
    return value
  }

  /**
   * What of a class runs where it stands: its base, its computed names, its static fields and blocks. Those cannot
   * suspend, but they read and write what is around them; instance fields and methods run at another time.
   */
  protected classParts(node: ts.ClassLikeDeclaration): void {
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token === ts.SyntaxKind.ExtendsKeyword)
        for (const type of clause.types) this.expression(type.expression)
    }
    for (const member of node.members) {
      if (member.name && ts.isComputedPropertyName(member.name)) this.expression(member.name.expression)
    }
    for (const member of node.members) {
      if (ts.isClassStaticBlockDeclaration(member)) this.staticBlock(member)
      else if (ts.isPropertyDeclaration(member) && member.initializer && isStatic(member))
        this.expression(member.initializer)
    }
  }

  /** The other half of the walk knows statements. */
  protected staticBlock(node: ts.ClassStaticBlockDeclaration): void {
    this.#children(node.body)
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
    if (ts.isElementAccessExpression(node)) {
      if (ts.isOptionalChain(node)) this.optional(node.argumentExpression)
      else this.expression(node.argumentExpression)
    }
    if (!this.#matters(node)) return ts.isIdentifier(node) ? NOTHING : this.#receiver(node)
    const answer = answerOf(node)
    if (answer) return this.#answer(node, answer)
    const location = locationOf(node, this.root, this.types)
    if (location === undefined) return ts.isIdentifier(node) ? NOTHING : this.expression(node.expression)
    if (location.ownership === 'local' && location.symbol) return this.state.local(location.symbol)
    return this.recordRead(node, location)
  }

  #assignment(node: ts.BinaryExpression): Value {
    if (node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      this.#reference(node.left)
      const value = this.expression(node.right)
      this.assign(node.left, value)
      return value
    }
    const current = this.expression(node.left)
    if (isLogicalAssignment(node)) {
      // `cache ??= await load()` writes only what it loaded: the old value decides, but does not live on.
      const { yes, no } = this.decide(unwrap(node.left), current)
      const writesWhenTrue = node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken
      this.state = writesWhenTrue ? yes : no
      const value = this.expression(node.right)
      this.assign(node.left, value)
      this.state = this.state.join(writesWhenTrue ? no : yes)
      return joinValues(current, value)
    }
    const value = joinValues(current, this.expression(node.right))
    this.assign(node.left, value)
    return value
  }

  /** A getter, or a method like one, is read as the field behind it. */
  #answer(node: ts.Expression, { field, returned }: Answer): Value {
    const location = locationOf(field, this.root, this.types)
    if (location === undefined) return NOTHING
    const value = this.recordRead(node, location)
    return returned === field ? value : value.asTested()
  }

  /** Only what the function also changes, or a local that holds such a value, can grow stale; few names are either. */
  #matters(node: ts.Expression): boolean {
    if (this.state.holdsReads) return true
    const { assigned, mutated } = scanFunction(this.root)
    const name = rootName(node)
    return assigned.has(name) || mutated.has(name)
  }

  /** The receiver of a property access may have calls and awaits inside. */
  #receiver(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Value {
    const inner = unwrap(node.expression)
    return ts.isIdentifier(inner) || inner.kind === ts.SyntaxKind.ThisKeyword
      ? NOTHING
      : this.expression(inner).asGiven()
  }

  /** The object and key of what is assigned to are evaluated before the value. */
  #reference(raw: ts.Expression): void {
    const target = unwrap(raw)
    if (ts.isPropertyAccessExpression(target)) this.#reference(target.expression)
    else if (ts.isElementAccessExpression(target)) {
      this.#reference(target.expression)
      this.expression(target.argumentExpression)
    } else if (ts.isCallExpression(target) || ts.isAwaitExpression(target)) this.expression(target)
  }

  protected assign(raw: ts.Expression, value: Value): void {
    const target = unwrap(raw)
    if (isAssignment(target)) {
      this.assign(target.left, joinValues(value, this.optional(target.right)))
    } else if (ts.isSpreadElement(target)) this.assign(target.expression, value)
    else if (ts.isArrayLiteralExpression(target)) {
      for (const element of target.elements) if (!ts.isOmittedExpression(element)) this.assign(element, value)
    } else if (ts.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (property.name && ts.isComputedPropertyName(property.name)) this.expression(property.name.expression)
        if (ts.isPropertyAssignment(property)) this.assign(property.initializer, value)
        else if (ts.isSpreadAssignment(property)) this.assign(property.expression, value)
        else if (ts.isShorthandPropertyAssignment(property)) {
          const fallback = property.objectAssignmentInitializer
            ? this.optional(property.objectAssignmentInitializer)
            : NOTHING
          this.assign(property.name, joinValues(value, fallback))
        }
      }
    } else this.#write(target, value)
  }

  #write(target: ts.Expression, value: Value): void {
    const location = locationOf(target, this.root, this.types)
    if (location === undefined) return
    if (location.ownership === 'local' && location.symbol) {
      const whole = ts.isIdentifier(target) ? value : joinValues(this.state.local(location.symbol), value)
      this.state = this.state.withLocal(location.symbol, whole)
    } else this.recordWrite(target, location, value)
  }

  /** `cache.set(key, value)` changes what is at the location, also through a local name for it. */
  #mutation(node: ts.CallExpression, receiver: ts.Expression, held: Value, given: readonly Value[]): void {
    const location = locationOf(receiver, this.root, this.types)
    if (location === undefined) return
    const isSet = isMethodCall(node, 'set') && node.arguments.length === 2
    if (location.ownership !== 'local') {
      const entry = isSet ? entryOf(location, node) : undefined
      this.recordWrite(node, location, (entry && given[1]) ?? NOTHING, { call: node, entry })
    } else if (ts.isIdentifier(unwrap(receiver))) {
      for (const [read, tie] of held.reads)
        if (tie === TIES.computed) this.recordWrite(node, read.location, NOTHING, { call: node })
    }
  }

  /** What `cache.get(key)` gives is read from the entry, where the function also changes the collection. */
  #lookup(node: ts.CallExpression, receiver: ts.Expression): Value {
    if (node.arguments.length !== 1 || !scanFunction(this.root).mutated.has(rootName(receiver))) return NOTHING
    const location = locationOf(receiver, this.root, this.types)
    const entry = location && location.ownership !== 'local' ? entryOf(location, node) : undefined
    return entry ? this.recordRead(node, entry) : NOTHING
  }

  #unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Value {
    if (node.operator === ts.SyntaxKind.ExclamationToken) {
      const { outcome, value } = this.#test(node.operand)
      this.state = outcome.yes.join(outcome.no)
      return value.asTested()
    }
    const value = this.expression(node.operand)
    if (node.operator !== ts.SyntaxKind.PlusPlusToken && node.operator !== ts.SyntaxKind.MinusMinusToken) return value
    this.assign(node.operand, value)
    return value
  }

  #binary(node: ts.BinaryExpression): Value {
    const operator = node.operatorToken.kind
    switch (operator) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.BarBarToken: {
        const { outcome, value } = this.#test(node.left)
        const goesOn = operator === ts.SyntaxKind.AmpersandAmpersandToken ? outcome.yes : outcome.no
        this.state = goesOn
        const right = this.expression(node.right)
        this.state = this.state.join(goesOn === outcome.yes ? outcome.no : outcome.yes)
        return joinValues(value, right)
      }
      case ts.SyntaxKind.QuestionQuestionToken: {
        const value = this.expression(node.left)
        const { yes, no } = this.decide(unwrap(node.left), value)
        this.state = no
        const right = this.expression(node.right)
        this.state = this.state.join(yes)
        return joinValues(value, right)
      }
      default:
        return this.#bothSides(node)
    }
  }

  /** Operators that evaluate both their sides, the left one first. A sum of thousands of terms is followed from a loop. */
  #bothSides(node: ts.BinaryExpression): Value {
    const sums: ts.BinaryExpression[] = []
    let first: ts.Expression = node
    for (; ts.isBinaryExpression(first) && evaluatesBothSides(first); first = unwrap(first.left)) sums.push(first)
    let value = this.expression(first)
    for (const { operatorToken, right } of sums.reverse()) {
      const added = this.expression(right)
      if (operatorToken.kind === ts.SyntaxKind.CommaToken) value = added
      else value = COMPARISONS.has(operatorToken.kind) ? joinValues(value, added).asTested() : joinValues(value, added)
    }
    return value
  }

  #call(node: ts.CallExpression): Value {
    const callee = unwrap(node.expression)
    if (ts.isPropertyAccessExpression(callee)) {
      const answer = this.#matters(callee) ? answerOf(node) : undefined
      if (answer) {
        this.recordCall(node)
        return this.#answer(node, answer)
      }
      const receiver = this.expression(callee.expression)
      let kept = DERIVING_METHODS.has(callee.name.text) ? receiver : receiver.asGiven()
      const given = this.#arguments(node)
      this.recordCall(node)
      if (MUTATORS.has(callee.name.text)) this.#mutation(node, callee.expression, receiver, given)
      else if (callee.name.text === 'get') kept = joinValues(kept, this.#lookup(node, callee.expression))
      return joinValues(kept, allOf(given).asGiven())
    }
    this.expression(callee)
    const given = this.#arguments(node)
    this.recordCall(node)
    return allOf(given).asGiven()
  }

  /** Behind a `?.` anywhere in the chain, the arguments are evaluated only where the chain goes on. */
  #arguments(node: ts.CallExpression): readonly Value[] {
    if (!ts.isOptionalChain(node)) return this.#each(node.arguments)
    const before = this.state
    const values = this.#each(node.arguments)
    this.state = this.state.join(before)
    return values
  }
}

function allOf(values: readonly Value[]): Value {
  return values.reduce(joinValues, NOTHING)
}

function isStatic(node: ts.PropertyDeclaration): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) ?? false
}

function evaluatesBothSides(node: ts.BinaryExpression): boolean {
  return !SHORT_CIRCUITS.has(node.operatorToken.kind) && !isAssignment(node)
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
