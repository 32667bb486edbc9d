import ts from 'typescript'
import { ExpressionFlow } from './expressionFlow.ts'
import type { AsyncFlow, FlowRoot } from './flowFacts.ts'
import { FlowState, NOTHING } from './flowState.ts'
import { rootName, scanFunction } from './functionScan.ts'
import { type Location, locationOf } from './locations.ts'
import { isFunctionNode, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Follows a function's body along its control flow, keeping for each local which reads of shared locations its value
 * comes from, which of those reads a suspension has made stale, and which conditions have been passed. Nested functions
 * are values here: they run at another time and have a flow of their own. The top of a module and a static block have a
 * flow as well.
 */
export function asyncFlow(root: FlowRoot, types: TypeQuestions): AsyncFlow {
  const walker = new FlowWalker(root, types)
  walker.run()
  return walker.result()
}

/** Where `break` and `continue` lead, and how many clean-ups lie around the statement, and around a turn of it. */
interface Target {
  readonly labels: readonly string[]
  readonly breaks: FlowState[]
  readonly continues: FlowState[] | undefined
  readonly outside: number
  readonly inside: number
}

interface Cleanup {
  readonly run: () => void
  /** How many `try` lie around it: what it throws is for them. */
  readonly tries: number
}

class FlowWalker extends ExpressionFlow {
  readonly #targets: Target[] = []
  #pendingLabels: string[] = []
  /** What runs on the way out of the blocks around this place, innermost last: `finally`, disposal, closing an iterator. */
  readonly #cleanups: Cleanup[] = []

  run(): void {
    const { root } = this
    if (ts.isSourceFile(root)) {
      this.#statements(root.statements)
      return
    }
    if (!isFunctionNode(root)) {
      this.#statements(root.body.statements)
      return
    }
    for (const parameter of root.parameters) {
      if (parameter.initializer) this.optional(parameter.initializer)
      if (!ts.isIdentifier(parameter.name)) this.bind(parameter.name, NOTHING)
    }
    const { body } = root
    if (body === undefined) return
    if (ts.isBlock(body)) this.#statements(body.statements)
    else this.expression(body)
  }

  protected override staticBlock(node: ts.ClassStaticBlockDeclaration): void {
    this.#statements(node.body.statements)
  }

  #statements(statements: readonly ts.Statement[]): void {
    const disposed = statements.findIndex(isAwaitUsing)
    if (disposed < 0) {
      for (const statement of statements) this.#statement(statement)
      return
    }
    // The end of the block awaits the disposal, whichever way it is left; disposal may also wait for a failed set-up.
    const [using, rest] = [statements[disposed], statements.slice(disposed + 1)]
    for (const statement of statements.slice(0, disposed + 1)) this.#statement(statement)
    const list = (using as ts.VariableStatement).declarationList
    this.#withCleanup(
      () => {
        this.#statements(rest)
      },
      () => {
        this.suspend(list)
      },
    )
  }

  #statement(node: ts.Statement): void {
    if (!this.state.reachable) return
    if (ts.isBlock(node)) this.#statements(node.statements)
    else if (ts.isExpressionStatement(node)) this.expression(node.expression)
    else if (ts.isVariableStatement(node)) this.#declarations(node.declarationList)
    else if (ts.isIfStatement(node))
      this.branch(
        node.expression,
        () => {
          this.#statement(node.thenStatement)
        },
        () => {
          if (node.elseStatement) this.#statement(node.elseStatement)
        },
      )
    else if (ts.isReturnStatement(node)) {
      if (node.expression) this.expression(node.expression)
      this.#leave(0, node)
    } else if (ts.isThrowStatement(node)) {
      this.expression(node.expression)
      this.mayThrow()
      this.state = FlowState.unreachable()
    } else if (ts.isTryStatement(node)) this.#try(node)
    else if (ts.isSwitchStatement(node)) this.#switch(node)
    else if (ts.isLabeledStatement(node)) {
      this.#pendingLabels.push(node.label.text)
      if (ts.isIterationStatement(node.statement, true)) this.#statement(node.statement)
      else
        this.#breakable(() => {
          this.#statement(node.statement)
        })
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
    else if (ts.isClassDeclaration(node)) this.classParts(node)
    else if (ts.isExportAssignment(node)) this.expression(node.expression)
    else if (ts.isWithStatement(node)) {
      this.expression(node.expression)
      this.#statement(node.statement)
    }
  }

  #declarations(list: ts.VariableDeclarationList): void {
    for (const { initializer, name } of list.declarations) {
      const from = initializer && this.#namedBy(name, initializer)
      if (from && ts.isIdentifier(name)) this.bind(name, this.recordRead(initializer, from))
      else this.bind(name, initializer ? this.expression(initializer) : NOTHING, from)
    }
  }

  /** The shared location that a local gets a second name for: `const { cache } = this`, `const cache = this.cache`. */
  #namedBy(name: ts.BindingName, initializer: ts.Expression): Location | undefined {
    const inner = unwrap(initializer)
    if (!ts.isIdentifier(inner) && !ts.isPropertyAccessExpression(inner) && inner.kind !== ts.SyntaxKind.ThisKeyword)
      return undefined
    const { assigned, mutated } = scanFunction(this.root)
    const isChanged = ts.isObjectBindingPattern(name) && (assigned.has(rootName(inner)) || mutated.has(rootName(inner)))
    if (!isChanged && !namesIn(name).some((local) => mutated.has(local))) return undefined
    const location = locationOf(inner, this.root, this.types)
    return location?.ownership === 'local' ? undefined : location
  }

  #try(node: ts.TryStatement): void {
    const { finallyBlock, catchClause } = node
    const run = (): void => {
      if (!catchClause) {
        this.#statement(node.tryBlock)
        return
      }
      const thrown: FlowState[] = [this.state]
      this.throws.push(thrown)
      this.#statement(node.tryBlock)
      this.throws.pop()
      const after = this.state
      this.state = thrown.reduce((a, b) => a.join(b))
      if (catchClause.variableDeclaration) this.bind(catchClause.variableDeclaration.name, NOTHING)
      this.#statement(catchClause.block)
      this.state = after.join(this.state)
    }
    if (finallyBlock)
      this.#withCleanup(run, () => {
        this.#statement(finallyBlock)
      })
    else run()
  }

  /** Runs a body, and the clean-up on each way out of it: at its end, on a jump, and when something in it throws. */
  #withCleanup(body: () => void, cleanup: () => void): void {
    const thrown: FlowState[] = [this.state]
    this.#cleanups.push({ run: cleanup, tries: this.throws.length })
    this.throws.push(thrown)
    body()
    this.#cleanups.pop()
    this.throws.pop()
    const after = this.state
    this.state = thrown.reduce((a, b) => a.join(b))
    this.#runFor('throw', cleanup)
    if (this.state.reachable) this.mayThrow()
    this.state = after
    if (after.reachable) this.#runFor('end', cleanup)
  }

  #runFor(exit: unknown, cleanup: () => void): void {
    const before = this.exit
    this.exit = exit
    cleanup()
    this.exit = before
  }

  /** Runs the clean-ups between here and a place outside of all but the first `depth` of them, and goes there. */
  #leave(depth: number, by: ts.Node): FlowState {
    const open = this.#cleanups.splice(depth)
    for (let index = open.length - 1; index >= 0 && this.state.reachable; index--) {
      const { run, tries } = open[index] as Cleanup
      this.#cleanups.splice(depth, open.length, ...open.slice(0, index))
      const inner = this.throws.splice(tries)
      this.#runFor(by, run)
      this.throws.push(...inner)
    }
    this.#cleanups.splice(depth, open.length, ...open)
    const arrived = this.state
    this.state = FlowState.unreachable()
    return arrived
  }

  #switch(node: ts.SwitchStatement): void {
    this.expression(node.expression)
    this.#breakable(() => {
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
    const { initializer } = node
    const suspends = ts.isForOfStatement(node) && node.awaitModifier !== undefined
    const body = (): void => {
      if (ts.isVariableDeclarationList(initializer)) {
        for (const declaration of initializer.declarations) this.bind(declaration.name, value)
        const disposes = (initializer.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
        if (disposes)
          this.#withCleanup(
            () => {
              this.#statement(node.statement)
            },
            () => {
              this.suspend(initializer)
            },
          )
        else this.#statement(node.statement)
      } else {
        this.assign(initializer, value)
        this.#statement(node.statement)
      }
    }
    const breaks = this.#iterate(
      () => {
        if (suspends) this.suspend(node)
        body()
      },
      {
        close: suspends
          ? () => {
              this.suspend(node)
            }
          : undefined,
      },
    )
    // The end of the input comes by a step of the iterator as well.
    if (suspends) this.suspend(node)
    this.state = this.state.join(breaks)
  }

  #loop(
    condition: ts.Expression | undefined,
    body: ts.Statement,
    step: ts.Expression | undefined,
    bodyFirst: boolean,
  ): void {
    let done = FlowState.unreachable()
    const test = (): void => {
      if (!condition || !this.state.reachable) return
      const { yes, no } = this.test(condition)
      done = bodyFirst ? done.join(no) : no
      this.state = yes
    }
    const breaks = this.#iterate(
      () => {
        if (!bodyFirst) test()
        this.#statement(body)
      },
      {
        between: () => {
          if (step && this.state.reachable) this.expression(step)
          if (bodyFirst) test()
        },
      },
    )
    if (!bodyFirst) test()
    this.state = done.join(breaks)
  }

  /**
   * Runs a loop body twice: what one turn leaves behind is what the next one begins with, and a third adds nothing.
   * `between` runs after each turn, `close` where the loop is left from within. Ends in the state in which a turn may
   * begin, and gives the one in which `break` leaves.
   */
  #iterate(
    turn: () => void,
    { close, between }: { close?: (() => void) | undefined; between?: () => void },
  ): FlowState {
    const outside = this.#cleanups.length
    const target: Target = {
      labels: this.#pendingLabels,
      breaks: [],
      continues: [],
      outside,
      inside: close ? outside + 1 : outside,
    }
    this.#pendingLabels = []
    let entry = this.state
    for (let round = 0; round < 2; round++) {
      this.#targets.push(target)
      if (close) this.#cleanups.push({ run: close, tries: this.throws.length })
      this.state = entry
      turn()
      if (close) this.#cleanups.pop()
      this.#targets.pop()
      for (const state of target.continues ?? []) this.state = this.state.join(state)
      between?.()
      // A turn may have read anew into the variable that held the value: the one it held before is then past.
      entry = entry.join(this.state.withoutPastReads())
    }
    this.state = entry
    return target.breaks.reduce((a, b) => a.join(b), FlowState.unreachable())
  }

  #breakable(body: () => void): void {
    const target: Target = {
      labels: this.#pendingLabels,
      breaks: [],
      continues: undefined,
      outside: this.#cleanups.length,
      inside: 0,
    }
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
      label === undefined ? !isContinue || candidate.continues !== undefined : candidate.labels.includes(label),
    )
    if (target === undefined) return
    const arrived = this.#leave(isContinue ? target.inside : target.outside, node)
    const list = isContinue ? target.continues : target.breaks
    if (arrived.reachable) list?.push(arrived)
  }
}

function isAwaitUsing(node: ts.Statement): node is ts.VariableStatement {
  return (
    ts.isVariableStatement(node) && (node.declarationList.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  )
}

function namesIn(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)))
}
