import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { type IntervalWork, overlappingWork } from '../analysis/promises/intervalWork.ts'
import { enclosingStatement, isAsync, isFunctionExpression, unwrap } from '../analysis/code/syntax.ts'
import { millisecondsOf, shortestGiven } from '../analysis/cancellation/delays.ts'
import { insertBefore } from '../fixes/insertBefore.ts'
import { freeName, holdScope } from '../fixes/names.ts'
import { deeper, indentOf, styleOf } from '../fixes/style.ts'
import type { Fix, Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-overlapping-interval',
  meta: {
    family: 'fan-out',
    level: 'likely',
    description: 'Disallow async work in `setInterval` that nothing keeps from overlapping itself',
    fixable: false,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        const callee = unwrap(node.expression)
        const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
        if (!ts.isIdentifier(name) || name.text !== 'setInterval') return
        const [callback, delay] = node.arguments
        if (callback === undefined) return
        const work = overlappingWork(callback, analysis)
        if (work === undefined) return
        const consequence = work.canReject ? ', and a rejection is unhandled' : ''
        report({
          node: node.expression,
          level: levelOf(work, delay, analysis),
          message: `\`setInterval\` does not wait for ${work.name}: a run that takes longer than the interval overlaps the next one${consequence}.`,
          related: work.call ? [{ node: work.call, message: 'Each run starts this.' }] : [],
          suggestions: skipFix(node, callback, analysis),
        })
      },
    }
  },
})

/** Runs a minute apart hardly ever meet. */
const FAR_APART_MS = 60_000

/** It takes work that can fail, and that changes something, for runs at once or a lost failure to be more than untidy. */
function levelOf(work: IntervalWork, delay: ts.Expression | undefined, analysis: FileAnalysis): Level {
  if (!work.changesOutside) return 'possible'
  // In a page a rejection is a line in the console, and shown anew with the next turn.
  if (analysis.role === 'test' || !work.canReject || isOfPage(analysis)) return 'possible'
  const milliseconds = delay && (millisecondsOf(delay, analysis) ?? shortestGiven(delay, analysis))
  return milliseconds !== undefined && milliseconds >= FAR_APART_MS ? 'possible' : 'likely'
}

/** Whether a file is code of a page: it holds elements, speaks of a library that draws them, or touches the document. */
function isOfPage({ sourceFile }: FileAnalysis): boolean {
  const { fileName, text } = sourceFile
  return (
    /\.[jt]sx$/u.test(fileName)
    || VIEW_LIBRARIES.test(text)
    || (/(?<![.\w])(?:document|window)\.[a-z]/u.test(text) && !/['"]vscode['"]/u.test(text))
  )
}

/** Imports that only code of a page has, also where its elements stand in a file without the `x` in its name. */
const VIEW_LIBRARIES =
  /(?:from|require\()\s*['"](?:react(?:-dom)?|preact(?:\/hooks)?|vue|svelte(?:\/store)?|solid-js|@angular\/core|lit)['"]/u

/** A mark around the body of an async callback, so that a turn is left out while the one before still runs. */
function skipFix(node: ts.CallExpression, argument: ts.Expression, analysis: FileAnalysis): readonly Fix[] {
  const callback = unwrap(argument)
  const statement = enclosingStatement(node)
  if (!isFunctionExpression(callback) || !isAsync(callback) || !ts.isBlock(callback.body) || !statement) return []
  if (!ts.isBlock(statement.parent) && !ts.isSourceFile(statement.parent)) return []
  const { body } = callback
  return [
    {
      title: 'Leave a turn out while the last one still runs',
      edits: () => {
        const { semicolon, newLine, indent } = styleOf(analysis.sourceFile)
        const mark = freeName('isRunning', analysis.references, statement.parent)
        const open = body.getStart() + 1
        const close = body.end - 1
        const inner = `${newLine}${indentOf(callback)}${indent}`
        const work = deeper(analysis.sourceFile, open, close).trim()
        return [
          insertBefore(statement, `let ${mark} = false`),
          {
            start: open,
            end: close,
            text:
              `${inner}if (${mark}) return${semicolon}${inner}${mark} = true${semicolon}${inner}try {${inner}${indent}${work}`
              + `${inner}} finally {${inner}${indent}${mark} = false${semicolon}${inner}}${newLine}${indentOf(callback)}`,
          },
          holdScope(statement),
        ]
      },
    },
  ]
}
