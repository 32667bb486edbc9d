import ts from 'typescript'
import { ExpressionFlow } from './expressionFlow.ts'
import type { AsyncFlow } from './flowFacts.ts'
import { FlowState, NOTHING } from './flowState.ts'
import type { FunctionNode } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

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

interface Target {
  readonly labels: readonly string[]
  readonly breaks: FlowState[]
  readonly continues: FlowState[] | undefined
}

class FlowWalker extends ExpressionFlow {
  readonly #fn: FunctionNode
  readonly #targets: Target[] = []
  #pendingLabels: string[] = []
  /** The states in which `break` left the last loop: the only way out of an endless one. */
  #left = FlowState.unreachable()

  constructor(fn: FunctionNode, types: TypeQuestions) {
    super(fn, types)
    this.#fn = fn
  }

  run(): void {
    for (const parameter of this.#fn.parameters) {
      if (parameter.initializer) this.expression(parameter.initializer)
    }
    const { body } = this.#fn
    if (body === undefined) return
    if (ts.isBlock(body)) this.#statements(body.statements)
    else this.expression(body)
  }

  #statements(statements: readonly ts.Statement[]): void {
    for (const statement of statements) this.#statement(statement)
  }

  #statement(node: ts.Statement): void {
    if (!this.state.reachable) return
    if (ts.isBlock(node)) this.#statements(node.statements)
    else if (ts.isExpressionStatement(node)) this.expression(node.expression)
    else if (ts.isVariableStatement(node)) this.#declarations(node.declarationList)
    else if (ts.isIfStatement(node)) this.branch(node.expression, () => { this.#statement(node.thenStatement) }, () => {
      if (node.elseStatement) this.#statement(node.elseStatement)
    })
    else if (ts.isReturnStatement(node)) {
      if (node.expression) this.expression(node.expression)
      this.state = FlowState.unreachable()
    } else if (ts.isThrowStatement(node)) {
      this.expression(node.expression)
      this.throws.at(-1)?.push(this.state)
      this.state = FlowState.unreachable()
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
        else this.expression(node.initializer)
      }
      this.#loop(node.condition, node.statement, node.incrementor, false)
    } else if (ts.isWhileStatement(node)) this.#loop(node.expression, node.statement, undefined, false)
    else if (ts.isDoStatement(node)) this.#loop(node.expression, node.statement, undefined, true)
  }

  #declarations(list: ts.VariableDeclarationList): void {
    for (const declaration of list.declarations) {
      const value = declaration.initializer ? this.expression(declaration.initializer) : NOTHING
      this.bind(declaration.name, value)
    }
    // Only the end of the scope awaits the disposal, but from here on one may come at any exit.
    if ((list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) this.suspend(list)
  }

  #try(node: ts.TryStatement): void {
    const before = this.state
    const thrown: FlowState[] = [before]
    this.throws.push(thrown)
    this.#statement(node.tryBlock)
    this.throws.pop()
    let after = this.state
    const failed = thrown.reduce((a, b) => a.join(b))
    if (node.catchClause) {
      this.state = failed
      this.#statement(node.catchClause.block)
      after = after.join(this.state)
    }
    if (node.finallyBlock) {
      const completes = after.reachable
      this.state = after.join(failed)
      this.#statement(node.finallyBlock)
      if (!completes) this.state = FlowState.unreachable()
    } else this.state = after
  }

  #switch(node: ts.SwitchStatement): void {
    this.expression(node.expression)
    this.#breakable(false, () => {
      const entry = this.state
      this.state = FlowState.unreachable()
      for (const clause of node.caseBlock.clauses) {
        const fallen = this.state
        this.state = entry
        if (ts.isCaseClause(clause)) this.expression(clause.expression)
        this.state = this.state.join(fallen)
        this.#statements(clause.statements)
      }
      if (!node.caseBlock.clauses.some(ts.isDefaultClause)) this.state = this.state.join(entry)
    })
  }

  #forEachLoop(node: ts.ForOfStatement | ts.ForInStatement): void {
    const value = this.expression(node.expression)
    const suspends = ts.isForOfStatement(node) && node.awaitModifier !== undefined
    this.#iterate(() => {
      if (suspends) this.suspend(node)
      if (ts.isVariableDeclarationList(node.initializer)) {
        for (const declaration of node.initializer.declarations) this.bind(declaration.name, value)
      } else this.assign(node.initializer, value)
      this.#statement(node.statement)
    })
  }

  #loop(condition: ts.Expression | undefined, body: ts.Statement, step: ts.Expression | undefined, bodyFirst: boolean): void {
    const test = (): void => { if (condition) this.expression(condition) }
    this.#iterate(() => {
      if (!bodyFirst) test()
      this.#statement(body)
    }, () => {
      if (step) this.expression(step)
      if (bodyFirst) test()
    })
    if (!condition || condition.kind === ts.SyntaxKind.TrueKeyword) this.state = this.#left
    else if (!bodyFirst) test()
  }

  /** Runs a loop body twice: what one turn leaves behind is what the next one begins with, and a third adds nothing. */
  #iterate(turn: () => void, between: () => void = () => undefined): void {
    const target: Target = { labels: this.#pendingLabels, breaks: [], continues: [] }
    this.#pendingLabels = []
    let entry = this.state
    for (let round = 0; round < 2; round++) {
      this.#targets.push(target)
      this.state = entry
      turn()
      this.#targets.pop()
      for (const state of target.continues ?? []) this.state = this.state.join(state)
      between()
      entry = entry.join(this.state)
    }
    this.#left = target.breaks.reduce((a, b) => a.join(b), FlowState.unreachable())
    this.state = entry.join(this.#left)
  }

  #breakable(continues: boolean, body: () => void): void {
    const target: Target = { labels: this.#pendingLabels, breaks: [], continues: continues ? [] : undefined }
    this.#pendingLabels = []
    this.#targets.push(target)
    body()
    this.#targets.pop()
    this.state = target.breaks.reduce((a, b) => a.join(b), this.state)
  }

  #jump(node: ts.BreakOrContinueStatement): void {
    const label = node.label?.text
    const isContinue = ts.isContinueStatement(node)
    const target = this.#targets.findLast((candidate) =>
      label === undefined ? !isContinue || candidate.continues !== undefined : candidate.labels.includes(label))
    const list = isContinue ? target?.continues : target?.breaks
    list?.push(this.state)
    this.state = FlowState.unreachable()
  }
}
