import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  capacityOf,
  isSameLimiter,
  isWaitedFor,
  type LimiterRun,
  runOf,
  tasksOf,
} from '../analysis/bounds/limiterRuns.ts'
import { enclosingFunction, excerpt, type FunctionNode, isWithin, unwrap } from '../analysis/code/syntax.ts'
import { freeName } from '../fixes/names.ts'
import { indentOf, styleOf } from '../fixes/style.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-nested-limiter',
  meta: {
    family: 'bounds',
    level: 'likely',
    description: 'Disallow waiting for a slot of a limiter inside a task that holds one',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (node.arguments.length === 0) return
        const outer = runOf(node, analysis.types)
        if (!outer) return
        const capacity = capacityOf(outer.made)
        if (capacity === Infinity) return
        for (const task of tasksOf(outer, analysis.types)) {
          const inner = innerRun(outer, task, analysis)
          if (!inner) continue
          const name = outer.limiter.getText()
          const slots =
            capacity === undefined
              ? 'all its slots hold'
              : capacity === 1
                ? 'its only slot holds'
                : `its ${String(capacity)} slots all hold`
          report({
            node: outer.limiter,
            level: analysis.role === 'test' ? 'possible' : levelOf(capacity, outer),
            message:
              `The task that \`${name}\` runs waits for \`${excerpt(inner.call.expression)}\` of the same limiter, so once ${slots} `
              + `such ${capacity === 1 ? 'a task' : 'tasks'}, every one waits for a slot that none gives back.`,
            related: [{ node: inner.call, message: `The task waits here for another slot of \`${name}\`.` }],
            suggestions: secondLimiter(outer, inner, task, analysis),
          })
          return
        }
      },
    }
  },
})

/** With one slot the task waits for itself, always; with more it takes as many tasks at once as there are slots. */
function levelOf(capacity: number | undefined, outer: LimiterRun): Level {
  if (capacity === 1) return 'certain'
  return enclosingFunction(outer.call) === undefined
    && !ts.findAncestor(outer.call, (at) => ts.isIterationStatement(at, false))
    ? 'possible'
    : 'likely'
}

/** Deep enough for a task, its helper, and the helper's helper; beyond, few would follow the explanation. */
const MAX_CALLEES = 3

/** A run of the same limiter that a function waits for, by itself or in a function that it calls and waits for. */
function innerRun(
  outer: LimiterRun,
  fn: FunctionNode,
  analysis: FileAnalysis,
  seen: readonly FunctionNode[] = [],
): LimiterRun | undefined {
  const { types, references } = analysis
  // A function that makes the limiter makes another one each time it is called.
  if (isWithin(outer.made.made, fn)) return undefined
  if (!fn.body || seen.includes(fn) || seen.length > MAX_CALLEES || fn.getSourceFile() !== analysis.sourceFile)
    return undefined
  const ownField = outer.limiter.kind !== ts.SyntaxKind.Identifier
  const visit = (node: ts.Node): LimiterRun | undefined => {
    if (ts.isCallExpression(node)) {
      const run = runOf(node, types)
      if (run) {
        if (isSameLimiter(outer, run, types) && isWaitedFor(node, fn, references)) return run
      } else {
        const callee = calleeIn(node, ownField, analysis)
        const found =
          callee && isWaitedFor(node, fn, references) ? innerRun(outer, callee, analysis, [...seen, fn]) : undefined
        if (found) return found
      }
    }
    return forEachChild(node, visit)
  }
  return visit(fn.body)
}

/** The function that a call runs on the same instance, where the limiter is a field of `this`. */
function calleeIn(call: ts.CallExpression, ownField: boolean, { types }: FileAnalysis): FunctionNode | undefined {
  const callee = unwrap(call.expression)
  const isOwn = ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword
  return !ownField || isOwn ? types.functionOf(callee) : undefined
}

/** A limiter of its own for the inner work. A lock guards something, so that a second one would not do. */
function secondLimiter(outer: LimiterRun, inner: LimiterRun, task: FunctionNode, analysis: FileAnalysis): Fix[] {
  const { made, knowledge, exported } = outer.made
  const declaration = made.parent
  const isDirect = ts.findAncestor(inner.call, (at) => at === task) !== undefined
  if (!isDirect || knowledge.locks?.includes(exported) === true || !ts.isIdentifier(inner.limiter)) return []
  if (!ts.isVariableDeclaration(declaration) || declaration.type || !ts.isVariableStatement(declaration.parent.parent))
    return []
  const statement = declaration.parent.parent
  if (statement.declarationList.declarations.length !== 1) return []
  return [
    {
      title: 'Give the inner work a limiter of its own',
      edits: () => {
        const { semicolon, newLine } = styleOf(analysis.sourceFile)
        const name = freeName(`${inner.limiter.getText()}Inner`, analysis.references, statement.parent)
        const text = `${newLine}${indentOf(statement)}const ${name} = ${made.getText()}${semicolon}`
        return [
          { start: statement.end, end: statement.end, text },
          { start: inner.limiter.getStart(), end: inner.limiter.end, text: name },
        ]
      },
    },
  ]
}
