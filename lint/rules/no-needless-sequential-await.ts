import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { RISKY_IO } from '../analysis/knowledge/names.ts'
import { calleeName, dottedName, excerpt, someNode, unwrap } from '../analysis/code/syntax.ts'
import { awaitAll } from '../fixes/awaitAll.ts'
import { losesComment } from '../fixes/comments.ts'
import type { Fix } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-needless-sequential-await',
  meta: {
    family: 'bounds',
    level: 'possible',
    description: 'Disallow reads that wait for one another although neither needs the other',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.VariableStatement](node: ts.VariableStatement) {
        const second = awaitedRead(node)
        if (!second) return
        const { statements } = node.parent as { statements?: ts.NodeArray<ts.Statement> }
        const before = statements?.[statements.indexOf(node) - 1]
        const first = before && ts.isVariableStatement(before) ? awaitedRead(before) : undefined
        if (!first || !areIndependent(first, second) || !reachOut(first, second, analysis)) return
        report({
          node: second.call,
          message: `\`${excerpt(second.call.expression)}\` waits for \`${excerpt(first.call.expression)}\` to end, although it uses nothing of it: together they take as long as the slower one.`,
          related: [{ node: first.call, message: 'This could run at the same time.' }],
          suggestions: together(first, second),
        })
      },
    }
  },
})

interface Read {
  readonly statement: ts.VariableStatement
  readonly declaration: ts.VariableDeclaration
  readonly call: ts.CallExpression
}

/** Names of calls that read and change nothing; all others may depend on what ran before them. */
const READS = /^(?:get|fetch|load|read|find|list|query|search|lookup|count|select|resolve|describe)(?=$|[A-Z_\d])/u
/** What must go in order: one connection, one cursor, one transaction, one page after another. */
const ORDERED =
  /transaction|\btrx\b|\btx\b|session|cursor|reader|stream|iterator|\bnext\b|page|conn(?:ection)?\b|retry|attempt|lock/iu

/** `const a = await getA(x)`: a read that nothing else happens in. */
function awaitedRead(statement: ts.VariableStatement): Read | undefined {
  const [declaration, ...others] = statement.declarationList.declarations
  if (!declaration?.initializer || others.length > 0) return undefined
  // `using` takes the flag of `const` along.
  if ((statement.declarationList.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) return undefined
  if (!ts.isAwaitExpression(declaration.initializer)) return undefined
  const call = unwrap(declaration.initializer.expression)
  if (!ts.isCallExpression(call) || !READS.test(calleeName(call) ?? '') || ORDERED.test(call.getText()))
    return undefined
  const isPlain =
    dottedName(call.expression) !== undefined && call.arguments.every((argument) => !someNode(argument, hasEffect))
  return isPlain ? { statement, declaration, call } : undefined
}

/** A part of an argument that may do something, or that waits. */
function hasEffect(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node)
    || ts.isAwaitExpression(node)
    || ts.isNewExpression(node)
    || ts.isFunctionLike(node)
    || ts.isDeleteExpression(node)
    || ts.isPostfixUnaryExpression(node)
    || (ts.isPrefixUnaryExpression(node)
      && node.operator >= ts.SyntaxKind.PlusPlusToken
      && node.operator <= ts.SyntaxKind.MinusMinusToken)
    || (ts.isBinaryExpression(node)
      && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment
      && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment)
  )
}

/** Whether the second names nothing that the first declares. */
function areIndependent(first: Read, second: Read): boolean {
  const names = new Set<string>()
  const collect = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text)
    else for (const element of name.elements) if (ts.isBindingElement(element)) collect(element.name)
  }
  collect(first.declaration.name)
  return !someNode(second.statement, (node) => ts.isIdentifier(node) && names.has(node.text))
}

/** Both are known to go out: only then is there time to win, and only calls that are seen through are known to be reads. */
function reachOut(first: Read, second: Read, { summaries, role }: FileAnalysis): boolean {
  if (role === 'test') return false
  return [first, second].every(({ call }) => [...summaries.ioOf(call).keys()].some((kind) => RISKY_IO.has(kind)))
}

function together(first: Read, second: Read): Fix[] {
  const file = first.statement.getSourceFile()
  const between = file.text.slice(first.statement.end, second.statement.getStart(file))
  const isTyped = first.declaration.type ?? second.declaration.type
  if (isTyped || between.trim() !== '') return []
  if ([first, second].some(({ statement, declaration, call }) => losesComment(statement, [declaration.name, call])))
    return []
  const semicolon = second.statement.getText(file).endsWith(';') ? ';' : ''
  const [a, b] = [first, second].map(({ declaration, call }) => ({
    name: declaration.name.getText(file),
    promise: call.getText(file),
  }))
  if (!a || !b) return []
  return [
    {
      title: 'Start both, and await them with `Promise.all`',
      edits: () => [
        {
          start: first.statement.getStart(file),
          end: second.statement.end,
          text: awaitAll(first.statement, [a, b], semicolon),
        },
      ],
    },
  ]
}
