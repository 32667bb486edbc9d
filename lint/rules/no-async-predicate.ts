import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import { givesPromise } from '../analysis/code/callbacks.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { combinatorOf } from '../analysis/flow/promiseFate.ts'
import {
  dottedName,
  enclosingFunction,
  enclosingStatement,
  isFunctionExpression,
  isLogicalAssignment,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { canAddAwait } from '../fixes/awaits.ts'
import { insertBefore } from '../fixes/insertBefore.ts'
import { freeName, holdScope } from '../fixes/names.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

/** What each method does with a promise where it looks for an answer. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  filter: 'every item is kept',
  some: 'the result is true as soon as there is an item',
  every: 'the result is always true',
  find: 'the first item is always the one',
  findIndex: 'the first item is always the one',
  findLast: 'the last item is always the one',
  findLastIndex: 'the last item is always the one',
  sort: 'a promise is no number, and nothing is put in order',
  toSorted: 'a promise is no number, and nothing is put in order',
}

const METHODS = [...Object.keys(CONSEQUENCES), 'flatMap', 'reduce', 'reduceRight']

export const rule = defineRule({
  id: 'no-async-predicate',
  meta: {
    family: 'fan-out',
    level: 'certain',
    description:
      'Disallow async callbacks where an array method looks at the answer at once, as `filter` and `some` do',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (!isMethodCall(node, ...METHODS)) return
        const [callback] = node.arguments
        if (callback === undefined || !givesPromise(callback, analysis.types)) return
        const { types } = analysis
        if (!types.isBuiltinCollection(node.expression.expression)) return
        const problem = problemOf(node, callback, analysis)
        if (problem === undefined) return
        report({
          node: node.expression.name,
          level: problem.level,
          message: problem.message,
          suggestions: suggestionsFor(node, callback, analysis),
        })
      },
    }
  },
})

function problemOf(
  node: MethodCall,
  callback: ts.Expression,
  analysis: FileAnalysis,
): { level: Level; message: string } | undefined {
  const method = node.expression.name.text
  const consequence = CONSEQUENCES[method]
  if (consequence !== undefined) {
    const condition = /sort/iu.test(method) ? '' : ', and a promise always counts as true'
    return { level: 'certain', message: `\`${method}\` sees a promise, not its answer${condition}: ${consequence}.` }
  }
  if (method === 'flatMap') {
    // Under `Promise.all` the arrays come back as they are; what becomes of them there, types tell.
    if (combinatorOf(node, analysis.references) || !analysis.types.resolvesToArray(callback)) return undefined
    return { level: 'likely', message: '`flatMap` sees promises, not the arrays they bring: nothing is flattened.' }
  }
  return problemOfReduce(node, callback)
}

/** `reduce(async (total, item) => …)` hands a promise to the next turn; one that never awaits it loses the turns before. */
function problemOfReduce(node: MethodCall, callback: ts.Expression): { level: Level; message: string } | undefined {
  const fn = unwrap(callback)
  if (!isFunctionExpression(fn) || isPromiseCombinator(wrapperOf(node).parent)) return undefined
  const total = fn.parameters[0]?.name
  if (total === undefined || !ts.isIdentifier(total)) return undefined
  let uses = 0
  const visit = (at: ts.Node): void => {
    if (
      ts.isIdentifier(at)
      && at.text === total.text
      && !(ts.isPropertyAccessExpression(at.parent) && at.parent.name === at)
    )
      uses += 1
    forEachChild(at, visit)
  }
  visit(fn.body)
  if (uses > 0) return undefined
  const { text } = node.expression.name
  return {
    level: 'likely',
    message: `\`${text}\` gives only the last promise, for no turn waits for \`${total.text}\`: the other turns run at once, and their failures are unhandled.`,
  }
}

function suggestionsFor(node: MethodCall, callback: ts.Expression, analysis: FileAnalysis): readonly Fix[] {
  if (
    !canAddAwait(node, analysis)
    || node.arguments.length > 1
    || (node.questionDotToken ?? node.expression.questionDotToken)
  )
    return []
  if (!analysis.types.isArray(node.expression.expression)) return []
  const method = node.expression.name.text
  const title = 'Wait for all answers first'
  // Where nobody wants the answer, there is nothing to mend; and a line that begins with a parenthesis may go on the one before.
  if (ts.isExpressionStatement(wrapperOf(node).parent)) return []
  if (method === 'flatMap') return [{ title, edits: () => afterAll(node, 'flat()') }]
  if (/^(?:some|every|find(?:Last)?Index)$/u.test(method))
    return [{ title, edits: () => afterAll(node, `${method}(Boolean)`) }]
  return /^(?:filter|find|findLast)$/u.test(method) ? hoisted(node, callback, title, analysis) : []
}

/** `(await Promise.all(items.map(isOpen))).some(Boolean)` */
function afterAll(node: MethodCall, rest: string): ReturnType<Fix['edits']> {
  const { name } = node.expression
  return [
    { start: node.getStart(), end: node.getStart(), text: '(await Promise.all(' },
    { start: name.getStart(), end: name.end, text: 'map' },
    { start: node.end, end: node.end, text: `)).${rest}` },
  ]
}

function isBranch(node: ts.Node): boolean {
  return (
    ts.isConditionalExpression(node)
    || ts.isOptionalChain(node)
    || (ts.isBinaryExpression(node)
      && (isLogicalAssignment(node)
        || node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
        || node.operatorToken.kind === ts.SyntaxKind.BarBarToken
        || node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken))
  )
}

/** The answers in a variable before the statement, and the items picked by them. */
function hoisted(node: MethodCall, callback: ts.Expression, title: string, analysis: FileAnalysis): readonly Fix[] {
  const statement = enclosingStatement(node)
  const list = dottedName(node.expression.expression)
  if (statement === undefined || list === undefined || enclosingFunction(statement) !== enclosingFunction(node))
    return []
  // What is asked only sometimes must not be asked each time.
  if (ts.findAncestor(node.parent, (at) => at === statement || isBranch(at)) !== statement) return []
  const isSimple =
    ts.isVariableStatement(statement) || ts.isReturnStatement(statement) || ts.isExpressionStatement(statement)
  if (!isSimple || !(ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent))) return []
  return [
    {
      title,
      edits: () => {
        const answers = freeName('answers', analysis.references, statement.parent)
        const item = freeName('_', analysis.references, callback)
        const answered = `const ${answers} = await Promise.all(${list}.map(${callback.getText()}))`
        return [
          insertBefore(statement, answered),
          { start: callback.getStart(), end: callback.end, text: `(${item}, index) => ${answers}[index]` },
          holdScope(statement),
        ]
      },
    },
  ]
}
