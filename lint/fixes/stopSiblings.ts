import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { Siblings } from '../analysis/cancellation/siblings.ts'
import { enclosingFunction, enclosingStatement, isWithin } from '../analysis/code/syntax.ts'
import type { Fix, TextEdit } from '../model.ts'
import { leansOnPlace } from './context.ts'
import { insertBefore } from './insertBefore.ts'
import { freeName, holdScope, scopeOf } from './names.ts'
import { braces } from './style.ts'

/**
 * Aborts what the tasks of a join obey as soon as one fails: the controller that is there, or one that is derived from the
 * caller's signal. None where the tasks are started elsewhere, or where the signal may be missing.
 */
export function stopSiblings(
  joined: ts.CallExpression,
  { signal, tasks }: Siblings,
  analysis: FileAnalysis,
): Fix | undefined {
  if (leansOnPlace(joined)) return undefined
  if (signal.source === 'local' && signal.text === `${signal.root.text}.signal`) {
    return {
      title: `Abort \`${signal.root.text}\` when one fails`,
      edits: () => [abortOnFailure(joined, signal.root.text, analysis)],
    }
  }
  const type = signal.type()
  const statement = enclosingStatement(joined)
  const isHere = statement && ts.isBlock(statement.parent) && enclosingFunction(statement) === enclosingFunction(joined)
  const isPlain = signal.text === signal.root.text && type !== undefined && !analysis.types.mayBeMissing(type)
  if (!isHere || !isPlain || !tasks.every((task) => isWithin(task, joined))) return undefined
  return {
    title: 'Give the tasks a signal that aborts when one fails',
    edits: () => derive(joined, statement, signal.root, tasks, analysis),
  }
}

function abortOnFailure(
  joined: ts.CallExpression,
  controller: string,
  { sourceFile, references }: FileAnalysis,
): TextEdit {
  const { open, between, close } = braces(sourceFile, joined.end)
  const error = freeName('error', references, joined)
  const type = /\.[cm]?tsx?$/u.test(sourceFile.fileName) ? ': unknown' : ''
  const text = `.catch((${error}${type}) => ${open}${controller}.abort(${error})${between}throw ${error}${close})`
  return { start: joined.end, end: joined.end, text }
}

function derive(
  joined: ts.CallExpression,
  statement: ts.Statement,
  signal: ts.Identifier,
  tasks: readonly ts.Expression[],
  analysis: FileAnalysis,
): TextEdit[] {
  const controller = freeName('siblings', analysis.references, scopeOf(statement))
  const either = freeName('siblingSignal', analysis.references, scopeOf(statement))
  const made = insertBefore(statement, `const ${controller} = new AbortController()`)
  const derived = insertBefore(statement, `const ${either} = AbortSignal.any([${signal.text}, ${controller}.signal])`)
  const uses = analysis.references.of(signal).filter((use) => tasks.some((task) => isWithin(use, task)))
  return [
    { ...made, text: made.text + derived.text },
    ...uses.map((use) => ({
      start: use.getStart(),
      end: use.end,
      text: ts.isShorthandPropertyAssignment(use.parent) ? `${use.text}: ${either}` : either,
    })),
    abortOnFailure(joined, controller, analysis),
    holdScope(statement),
  ]
}
