import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import type { CancelProtocol } from '../knowledge/cancelProtocols.ts'
import { perNode } from '../code/perNode.ts'
import { calleeName, type FunctionNode, unwrap, wrapperOf } from '../code/syntax.ts'

/** What gives a signal a name. */
export type SignalDeclaration = ts.ParameterDeclaration | ts.BindingElement | ts.VariableDeclaration

/** Words that say that something can be called off, in a name, a type or the code that makes the value. */
const CANCELLATION_WORDS = /signal|abort|cancel/iu

/** Whether the syntax speaks of a signal at all: types are asked for these few only, for asking for all would cost most. */
export const maySpeakOfSignal = perNode((declaration: SignalDeclaration): boolean => {
  if (CANCELLATION_WORDS.test(declaration.name.getText())) return true
  if (ts.isBindingElement(declaration)) return CANCELLATION_WORDS.test(declaration.propertyName?.getText() ?? '')
  if (declaration.type) return CANCELLATION_WORDS.test(declaration.type.getText())
  if (!declaration.initializer) return false
  const made = unwrap(declaration.initializer)
  if (ts.isPropertyAccessExpression(made)) return CANCELLATION_WORDS.test(made.name.text)
  return (ts.isCallExpression(made) || ts.isNewExpression(made)) && CANCELLATION_WORDS.test(made.expression.getText())
})

/** Names that parameters with a signal among their properties go by, where they have no type of their own. */
const CARRIER_NAMES =
  /^(?:options?|opts|init|config|params|args|input|props|req|request|c|ctx|context|task|job|run|scope|call|event|g|t|tool\w*)$/u

/** Whether a parameter may be an object with a signal; for one without an annotation the type comes from far away. */
export function mayHaveProperties(
  { name, type }: ts.ParameterDeclaration,
  owner: FunctionNode,
  { source }: CancelProtocol,
): boolean {
  if (type === undefined)
    return CARRIER_NAMES.test(name.getText()) || owner.getText().includes(`${name.getText()}.${source.property}`)
  const bare = ts.isUnionTypeNode(type) ? type.types : [type]
  return bare.some(
    (part) =>
      ts.isTypeReferenceNode(part)
      || ts.isTypeLiteralNode(part)
      || ts.isIntersectionTypeNode(part)
      || ts.isIndexedAccessTypeNode(part),
  )
}

/** Whether a name is that of a signal: by its type; where there is none, by its name and by what the function does with it. */
export function isSignal(
  name: ts.Identifier,
  declaration: SignalDeclaration,
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): boolean {
  if (!maySpeakOfSignal(declaration) && !protocol.names.test(name.text)) return false
  if (!ts.isBindingElement(declaration) && declaration.type && isSignalType(declaration.type, protocol)) return true
  if (analysis.types.signals.isSignal(name, protocol)) return true
  if (!ts.isBindingElement(declaration) && declaration.type) return false
  if (!protocol.names.test(name.text) || !analysis.types.isUntyped(name)) return false
  if (isGiven(declaration, protocol)) return true
  return analysis.references
    .of(name)
    .some(
      (use) =>
        ts.isPropertyAccessExpression(use.parent)
        && use.parent.expression === use
        && protocol.reads.test(use.parent.name.text),
    )
}

/** Whether a parameter is that of a callback which is known to be given one: `withProgress(options, (progress, token) => …)`. */
function isGiven(declaration: SignalDeclaration, { givers }: CancelProtocol): boolean {
  if (!ts.isParameter(declaration)) return false
  const call = wrapperOf(declaration.parent).parent
  const name = ts.isCallExpression(call) ? calleeName(call) : undefined
  const giver = name !== undefined && Object.hasOwn(givers, name) ? givers[name] : undefined
  return (
    giver !== undefined
    && ts.isCallExpression(call)
    && declaration.parent.parameters.indexOf(declaration) === giver.index
    && call.arguments.some(
      (argument) => ts.isObjectLiteralExpression(argument) && giver.options.test(argument.getText()),
    )
  )
}

/** Whether an annotation says so itself: `AbortSignal`, `vscode.CancellationToken | undefined`. */
function isSignalType(type: ts.TypeNode, protocol: CancelProtocol): boolean {
  const [first = '', ...rest] = type
    .getText()
    .split('|')
    .map((part) => part.trim())
  return (
    first.slice(first.lastIndexOf('.') + 1) === protocol.type
    && rest.every((part) => /^(?:undefined|null)$/u.test(part))
  )
}
