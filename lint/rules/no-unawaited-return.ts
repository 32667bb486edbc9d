import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { excerpt, headOfChain, isAssignment, someOwnNode } from '../analysis/code/syntax.ts'
import { isNotice } from '../analysis/promises/droppedWork.ts'
import {
  type Guard,
  guardsOf,
  handlingOf,
  isCallOfOwn,
  isHandledAlike,
  isOtherAtRisk,
  isTriedAgain,
  promisesIn,
} from '../analysis/promises/guardedReturn.ts'
import type { Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-unawaited-return',
  meta: {
    family: 'fan-out',
    level: 'likely',
    description: 'Disallow returning a promise from a `try`, or past a `using`, before what it stands for is done',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.ReturnStatement](statement: ts.ReturnStatement) {
        if (!statement.expression) return
        const guards = guardsOf(statement)
        if (guards.length === 0) return
        for (const started of promisesIn(statement.expression, analysis.types)) {
          if (isCallOfOwn(started, analysis.types) || (ts.isCallExpression(started) && isNotice(started))) continue
          const problems = guards.flatMap((guard) => problemOf(guard, started, statement, analysis) ?? [])
          const problem = problems.find(({ level }) => level === 'likely') ?? problems[0]
          if (!problem) continue
          report({
            node: started,
            level: analysis.role === 'test' ? 'possible' : problem.level,
            message: `\`return\` hands the promise of \`${excerpt(calledBy(started))}\` on before it has settled: ${problem.consequence}.`,
            related: [problem.related],
            suggestions: [
              {
                title: 'Wait for it first',
                edits: () => [{ start: started.getStart(), end: started.getStart(), text: 'await ' }],
              },
            ],
          })
        }
      },
    }
  },
})

interface Problem {
  readonly level: Level
  readonly consequence: string
  readonly related: { readonly node: ts.Node; readonly message: string }
}

function problemOf(
  guard: Guard,
  started: ts.Expression,
  statement: ts.ReturnStatement,
  analysis: FileAnalysis,
): Problem | undefined {
  if (guard.kind === 'catch') return uncaught(guard, started, statement, analysis)
  if (guard.kind === 'using') {
    const name = excerpt(guard.declaration.name)
    return {
      level: 'likely',
      consequence: `\`${name}\` is disposed of while the work is under way`,
      related: { node: guard.declaration.name, message: 'This is disposed of as soon as the function returns.' },
    }
  }
  const act = actIn(guard.block)
  return (
    act && {
      level: 'likely',
      consequence: `\`${excerpt(act)}\` in \`finally\` runs while the work is under way`,
      related: { node: act, message: 'This does not wait for the work.' },
    }
  )
}

function uncaught(
  { clause, tried }: Guard & { readonly kind: 'catch' },
  started: ts.Expression,
  statement: ts.ReturnStatement,
  { summaries }: FileAnalysis,
): Problem | undefined {
  const handling = handlingOf(clause)
  if (handling === 'nothing' || isHandledAlike(started, clause)) return undefined
  if (summaries.rejections.causeOf(started) === undefined) return undefined
  const isMeant = handling === 'answers' || isTriedAgain(clause) || !isOtherAtRisk(tried, statement, started)
  return {
    level: isMeant ? 'likely' : 'possible',
    consequence: 'the `catch` around it never sees its failure',
    related: { node: clause, message: 'This is not reached by a rejection.' },
  }
}

/** What `finally` does, beside telling somebody something. */
function actIn(block: ts.Block): ts.Node | undefined {
  const act = block.statements.find((statement) => someOwnNode(statement, isAct))
  return act && ts.isExpressionStatement(act) ? act.expression : act
}

function isAct(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return !isNotice(node)
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken
  return ts.isDeleteExpression(node) || isAssignment(node)
}

function calledBy(started: ts.Expression): ts.Expression {
  return ts.isCallExpression(started) ? headOfChain(started).expression : started
}
