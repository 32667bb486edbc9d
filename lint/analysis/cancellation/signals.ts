import ts from 'typescript'
import { thisClass } from '../code/calledDeclarations.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { type CancelProtocol, SIGNALS } from '../knowledge/cancelProtocols.ts'
import { perNode } from '../code/perNode.ts'
import { runsWithin } from './partOfOuter.ts'
import { renewedIn, signalFieldsOf } from './signalFields.ts'
import { isSignal, mayHaveProperties, maySpeakOfSignal } from './signalNames.ts'
import { mayNameSignal } from './signalShapes.ts'
import {
  calleeName,
  enclosingFunction,
  type FunctionNode,
  isFunctionNode,
  isMethodCall,
  someNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** A signal that code can name where it stands. */
export interface ReachableSignal {
  /** As the code would write it: `signal`, `options.signal`, `options?.signal`, `controller.signal`. */
  readonly text: string
  /** The variable at its root; of a field, its name. */
  readonly root: ts.MemberName
  /** What the signal's declaration says of it; asked for late, since most signals are passed on as they should. */
  readonly type: () => ts.Type | undefined
  /** Whether the object that holds it may be missing. */
  readonly optional: boolean
  /**
   * - `parameter`: the function was given it, itself or in an object, so its caller may cancel;
   * - `enclosing`: a function around was given it;
   * - `request`: it comes with a request object, and says that the client has gone;
   * - `local`: made in the function, from a controller or from other signals;
   * - `field`: the instance keeps it, and hands it to other calls as well;
   * - `spare field`: the instance keeps it, and nobody knows what for.
   */
  readonly source: 'parameter' | 'enclosing' | 'request' | 'local' | 'field' | 'spare field'
  /** The function that it belongs to. */
  readonly owner: FunctionNode
  readonly protocol: CancelProtocol
}

/**
 * The signals that a node can name and that still matter when it runs: those of its own function, and those of the
 * functions around as long as each function between runs as a part of the outer one. A signal made from another
 * stands for it.
 */
export function signalsInReach(
  node: ts.Node,
  analysis: FileAnalysis,
  protocol: CancelProtocol = SIGNALS,
): readonly ReachableSignal[] {
  const visible = visibleSignals(node, analysis, protocol)
  return visible.filter(
    (signal) => !visible.some((other) => other !== signal && isConstant(other) && isMadeFrom(other, signal, analysis)),
  )
}

/** Whether a signal goes by a constant of its function: made there, or given by the caller under another name. */
function isConstant({ root, owner }: ReachableSignal): boolean {
  return ts.findAncestor(root, (at) => (at === owner ? 'quit' : ts.isVariableDeclaration(at))) !== undefined
}

/** The signals that a node can name and that callers gave, also those that another one here stands for. */
export function callersSignals(
  node: ts.Node,
  analysis: FileAnalysis,
  protocol: CancelProtocol = SIGNALS,
): readonly ReachableSignal[] {
  return visibleSignals(node, analysis, protocol).filter(
    ({ source }) => source !== 'local' && source !== 'field' && source !== 'spare field',
  )
}

/** All signals that a node can name, also those that another one here stands for. */
export function visibleSignals(
  node: ts.Node,
  analysis: FileAnalysis,
  protocol: CancelProtocol = SIGNALS,
): readonly ReachableSignal[] {
  const found: ReachableSignal[] = []
  let fn = enclosingFunction(node)
  for (let own = true; fn !== undefined; own = false) {
    const owner = fn
    for (const signal of [
      ...localSignals(node, owner, analysis, protocol),
      ...givenSignals(owner, analysis, protocol),
    ]) {
      found.push(own || signal.source !== 'parameter' ? signal : { ...signal, source: 'enclosing' })
    }
    if (!runsWithin(owner, analysis)) break
    fn = enclosingFunction(owner)
  }
  const visible = found.filter((signal) => !isShadowed(signal, node, analysis))
  // What one call was given is for that call; the field is for those that were given nothing.
  return visible.length > 0 || protocol !== SIGNALS ? visible : fieldSignals(node, analysis)
}

function fieldSignals(node: ts.Node, analysis: FileAnalysis): readonly ReachableSignal[] {
  const holder = thisClass(node)
  const fields = holder ? signalFieldsOf(holder, analysis) : []
  let owner = enclosingFunction(node)
  if (!holder || !owner || fields.length === 0) return []
  while (owner.parent !== holder) {
    const outer: FunctionNode | undefined = runsWithin(owner, analysis) ? enclosingFunction(owner) : undefined
    if (!outer) return []
    owner = outer
  }
  const method = owner
  const own = fields.flatMap((field) => (field.isRenewed ? (renewedIn(field, method, holder, analysis) ?? []) : field))
  return own.map(({ text, name, property, optional, isPassed }) => ({
    text,
    root: name,
    type: () => analysis.types.typeOf(name, property),
    optional,
    source: isPassed ? 'field' : 'spare field',
    owner: method,
    protocol: SIGNALS,
  }))
}

/** What has been found out about a file: every call in it asks, and functions and blocks answer the same each time. */
interface Memory {
  readonly given: Map<FunctionNode, readonly ReachableSignal[]>
  readonly blocks: Map<ts.Block, readonly ReachableSignal[]>
}

/** By analysis, because a later program may share a function's tree and yet give it other types. */
const memories = new WeakMap<FileAnalysis, Map<CancelProtocol, Memory>>()

function memoryOf(analysis: FileAnalysis, protocol: CancelProtocol): Memory {
  let all = memories.get(analysis)
  if (!all) memories.set(analysis, (all = new Map<CancelProtocol, Memory>()))
  let memory = all.get(protocol)
  if (!memory) all.set(protocol, (memory = { given: new Map(), blocks: new Map() }))
  return memory
}

/** The signals among a function's parameters. */
function givenSignals(
  owner: FunctionNode,
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): readonly ReachableSignal[] {
  const { given } = memoryOf(analysis, protocol)
  let signals = given.get(owner)
  if (!signals)
    given.set(
      owner,
      (signals = owner.parameters.flatMap((parameter) => parameterSignals(parameter, owner, analysis, protocol))),
    )
  return signals
}

function parameterSignals(
  parameter: ts.ParameterDeclaration,
  owner: FunctionNode,
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): ReachableSignal[] {
  const { name } = parameter
  if (!ts.isIdentifier(name)) return bindingSignals(name, owner, analysis, protocol)
  if (isUnused(name)) return []
  const { types } = analysis
  if (isSignal(name, parameter, analysis, protocol)) {
    const type = (): ts.Type | undefined => types.typeOf(name)
    return [{ text: name.text, root: name, type, optional: false, source: 'parameter', owner, protocol }]
  }
  if (!mayHaveProperties(parameter, owner, protocol) || !mayNameSignal(name, types, protocol)) return []
  const property = types.signals.propertyOf(name, protocol)
  if (property === undefined) return []
  const whole = types.typeOf(name)
  const optional = whole !== undefined && types.mayBeMissing(whole) && parameter.initializer === undefined
  const source = isRequest(name, types) ? 'request' : 'parameter'
  return [
    {
      text: `${name.text}${optional ? '?' : ''}.${property}`,
      root: name,
      type: () => types.typeOf(name, property),
      optional,
      source,
      owner,
      protocol,
    },
  ]
}

/** `{ signal }`, `{ abortSignal: signal }` in a parameter list. */
function bindingSignals(
  pattern: ts.BindingPattern,
  owner: FunctionNode,
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): ReachableSignal[] {
  const signals: ReachableSignal[] = []
  for (const element of pattern.elements) {
    if (ts.isOmittedExpression(element)) continue
    if (!ts.isIdentifier(element.name)) signals.push(...bindingSignals(element.name, owner, analysis, protocol))
    else if (!isUnused(element.name) && isSignal(element.name, element, analysis, protocol)) {
      signals.push({
        text: element.name.text,
        root: element.name,
        type: () => analysis.types.typeOf(element.name),
        optional: false,
        source: 'parameter',
        owner,
        protocol,
      })
    }
  }
  return signals
}

/** An underscore says that the author does not mean to use it. */
function isUnused(name: ts.Identifier): boolean {
  return name.text.startsWith('_')
}

/** Constants of the function that hold a signal or a controller, declared before the node in a block around it. */
function localSignals(
  node: ts.Node,
  owner: FunctionNode,
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): ReachableSignal[] {
  const signals: ReachableSignal[] = []
  for (let at: ts.Node = node; at !== owner; at = at.parent) {
    if (!ts.isBlock(at.parent)) continue
    for (const signal of blockSignals(at.parent, owner, analysis, protocol))
      if (signal.root.pos < at.pos) signals.push(signal)
  }
  return signals
}

/** The constants of a block that may be signals or make them. */
const constantsOf = perNode((block: ts.Block): readonly ts.VariableDeclaration[] =>
  block.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement) || (statement.declarationList.flags & ts.NodeFlags.Const) === 0) return []
    return statement.declarationList.declarations.filter(
      (declaration) => !ts.isIdentifier(declaration.name) || maySpeakOfSignal(declaration),
    )
  }),
)

function blockSignals(
  block: ts.Block,
  owner: FunctionNode,
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): readonly ReachableSignal[] {
  const { blocks } = memoryOf(analysis, protocol)
  let signals = blocks.get(block)
  if (!signals) {
    signals = constantsOf(block).flatMap((declaration) => declaredSignals(declaration, owner, analysis, protocol))
    blocks.set(block, signals)
  }
  return signals
}

function declaredSignals(
  declaration: ts.VariableDeclaration,
  owner: FunctionNode,
  analysis: FileAnalysis,
  protocol: CancelProtocol,
): ReachableSignal[] {
  const { name } = declaration
  const { types } = analysis
  if (!ts.isIdentifier(name))
    return bindingSignals(name, owner, analysis, protocol).map((signal) => ({
      ...signal,
      source: sourceOf(declaration, owner, types),
    }))
  if (isSignal(name, declaration, analysis, protocol)) {
    return [
      {
        text: name.text,
        root: name,
        type: () => types.typeOf(name),
        optional: false,
        source: sourceOf(declaration, owner, types),
        owner,
        protocol,
      },
    ]
  }
  const made = declaration.initializer && unwrap(declaration.initializer)
  const isController = made && ts.isNewExpression(made) && calleeName(made) === protocol.source.name
  // A controller that is handed out or whose signal has a name of its own is no business of the other calls.
  if (
    !isController
    || analysis.references.of(name).some((use) => ts.isVariableDeclaration(wrapperOf(use.parent).parent))
  )
    return []
  return [
    {
      text: `${name.text}.${protocol.source.property}`,
      root: name,
      type: () => types.typeOf(name, protocol.source.property),
      optional: false,
      source: 'local',
      owner,
      protocol,
    },
  ]
}

/** Where the signal of a constant comes from: `const { signal } = options` only names what the caller gave. */
function sourceOf(
  { initializer }: ts.VariableDeclaration,
  owner: FunctionNode,
  types: TypeQuestions,
): ReachableSignal['source'] {
  let at = initializer && unwrap(initializer)
  while (at && ts.isPropertyAccessExpression(at)) at = unwrap(at.expression)
  if (!at || !ts.isIdentifier(at)) return 'local'
  const declaration = types.localSymbol(at)?.declarations?.[0]
  const parameter =
    declaration && ts.findAncestor(declaration, (node) => (isFunctionNode(node) ? 'quit' : ts.isParameter(node)))
  if (parameter?.parent !== owner) return 'local'
  return isRequest(at, types) ? 'request' : 'parameter'
}

function isRequest(name: ts.Identifier, types: TypeQuestions): boolean {
  return /^(?:Next)?Request$/u.test(types.typeName(name) ?? '')
}

/** Whether a local signal is built from another, so that it aborts when the other does. */
function isMadeFrom(local: ReachableSignal, other: ReachableSignal, analysis: FileAnalysis): boolean {
  if (!ts.isIdentifier(other.root)) return false
  const { root } = other
  const declaration = ts.findAncestor(local.root, ts.isVariableDeclaration)
  if (declaration?.initializer && someNode(declaration.initializer, (node) => refersTo(node, root, analysis)))
    return true
  // `signal.addEventListener('abort', () => controller.abort())` ties them together as well.
  return analysis.references.of(root).some((use) => {
    const call = ts.findAncestor(use, ts.isCallExpression)
    return (
      call !== undefined
      && isMethodCall(call, 'addEventListener', 'onCancellationRequested')
      && someNode(call, (node) => refersTo(node, local.root, analysis))
    )
  })
}

function refersTo(node: ts.Node, name: ts.MemberName, analysis: FileAnalysis): boolean {
  return (
    ts.isIdentifier(node)
    && ts.isIdentifier(name)
    && node.text === name.text
    && analysis.types.localSymbol(node) === analysis.types.localSymbol(name)
  )
}

/** Whether the name means something else where the node stands. */
function isShadowed(signal: ReachableSignal, node: ts.Node, analysis: FileAnalysis): boolean {
  const own = ts.isIdentifier(signal.root) ? analysis.types.localSymbol(signal.root) : undefined
  for (let at = node; at !== signal.owner; at = at.parent) {
    const { locals } = at as { locals?: ReadonlyMap<string, ts.Symbol> }
    const declared = locals?.get(signal.root.text)
    if (declared !== undefined && declared !== own) return true
  }
  return false
}
