import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import {
  calleeName,
  type FunctionNode,
  hasModifier,
  isAssignment,
  isFunctionNode,
  isWithin,
  unwrap,
} from '../code/syntax.ts'

/** A signal that an instance keeps. */
export interface SignalField {
  /** As its methods write it: `this.signal`, `this.#controller.signal`, `this.options?.signal`. */
  readonly text: string
  readonly name: ts.MemberName
  /** The property of what the field holds under which the signal is; undefined where the field is the signal. */
  readonly property: string | undefined
  /** Whether the object that holds it may be missing. */
  readonly optional: boolean
  /** Whether some method hands it to a call already: then it is there for the calls, and not for something else. */
  readonly isPassed: boolean
  /** Whether methods put another controller in its place: then only a method that passes it on says that it means this work. */
  readonly isRenewed: boolean
}

const CANCELLATION_WORDS = /signal|abort|cancel/iu

/** By analysis, because a later program may share a class's tree and yet give it other types. */
const memories = new WeakMap<FileAnalysis, Map<ts.ClassLikeDeclaration, readonly SignalField[]>>()

/**
 * The signals in fields of a class: those that its constructor was given, and those of controllers that it made and aborts. A
 * given signal that is set anew later is left out, since nobody can tell whose it is by then.
 */
export function signalFieldsOf(owner: ts.ClassLikeDeclaration, analysis: FileAnalysis): readonly SignalField[] {
  let memory = memories.get(analysis)
  if (!memory) memories.set(analysis, (memory = new Map<ts.ClassLikeDeclaration, readonly SignalField[]>()))
  let fields = memory.get(owner)
  if (!fields) memory.set(owner, (fields = owner.members.flatMap((member) => fieldsIn(member, owner, analysis))))
  return fields
}

function fieldsIn(member: ts.ClassElement, owner: ts.ClassLikeDeclaration, analysis: FileAnalysis): SignalField[] {
  if (ts.isConstructorDeclaration(member)) {
    return member.parameters.flatMap((parameter) => {
      if (
        !ts.isParameterPropertyDeclaration(parameter, member)
        || !ts.isIdentifier(parameter.name)
        || isSetLater(parameter.name, owner, analysis)
      )
        return []
      return isSignalType(parameter.type)
        ? [fieldOf(parameter.name, undefined, owner, analysis)]
        : optionsField(parameter.name, owner, analysis)
    })
  }
  if (
    !ts.isPropertyDeclaration(member)
    || !ts.isMemberName(member.name)
    || hasModifier(member, ts.SyntaxKind.StaticKeyword)
  )
    return []
  const { name } = member
  if (isNewController(member.initializer) || isControllerType(member.type))
    return controllerField(name, member, owner, analysis)
  if (isSignalType(member.type))
    return !isSetLater(name, owner, analysis) && isGiven(name, owner, analysis, CANCELLATION_WORDS)
      ? [fieldOf(name, undefined, owner, analysis)]
      : []
  const options = optionsField(name, owner, analysis)
  return options.length > 0 && !isSetLater(name, owner, analysis) && isGiven(name, owner, analysis, /./u) ? options : []
}

function fieldOf(
  name: ts.MemberName,
  property: string | undefined,
  owner: ts.ClassLikeDeclaration,
  analysis: FileAnalysis,
): SignalField {
  const text = `this.${name.text}${property === undefined ? '' : `.${property}`}`
  return { text, name, property, optional: false, isPassed: isPassed(name, owner, analysis), isRenewed: false }
}

/** `this.controller.signal`, where the class itself makes the controllers and aborts them. */
function controllerField(
  name: ts.MemberName,
  { initializer }: ts.PropertyDeclaration,
  owner: ts.ClassLikeDeclaration,
  analysis: FileAnalysis,
): SignalField[] {
  const later = usesOf(name, owner, analysis)
    .map(assigned)
    .filter((value) => value !== undefined)
  const isOwn = later.every((value) => isNewController(value) || /^(?:undefined|null)$/u.test(value.getText()))
  if (!isOwn || !isAborted(name, owner, analysis)) return []
  const field = fieldOf(name, 'signal', owner, analysis)
  if (!isSetLater(name, owner, analysis)) return initializer ? [field] : []
  return field.isPassed ? [{ ...field, isRenewed: true }] : []
}

/**
 * A renewed field as a method names it, where the method hands it to a call, so that the work is what the present controller
 * is for, and makes no other itself.
 */
export function renewedIn(
  field: SignalField,
  method: ts.Node,
  owner: ts.ClassLikeDeclaration,
  analysis: FileAnalysis,
): SignalField | undefined {
  const uses = usesOf(field.name, owner, analysis).filter((use) => isWithin(use, method))
  const passed = uses.find((use) => isHandedOver(use, 'signal') && ts.isPropertyAccessExpression(use.parent))
  if (!passed || uses.some(assigned)) return undefined
  return { ...field, text: passed.parent.getText(), optional: passed.parent.getText().includes('?') }
}

/**
 * `this.options.signal`, where the class keeps the options that it was given and speaks of the signal in them somewhere: one
 * that it never mentions may be for others.
 */
function optionsField(name: ts.MemberName, owner: ts.ClassLikeDeclaration, analysis: FileAnalysis): SignalField[] {
  const { references, types } = analysis
  // Those who speak of a signal are fewer than those who speak of the field.
  for (const { parent, text: property } of [...references.members('signal'), ...references.members('abortSignal')]) {
    if (
      !ts.isPropertyAccessExpression(parent)
      || parent.name.text !== property
      || !isFieldOf(parent.expression, name, owner)
      || !types.signals.isSignal(parent)
    )
      continue
    const optional = parent.questionDotToken !== undefined
    const text = `this.${name.text}${optional ? '?' : ''}.${property}`
    return [{ text, name, property, optional, isPassed: isPassed(name, owner, analysis, property), isRenewed: false }]
  }
  return []
}

/** `this.name` in the class. */
function isFieldOf(node: ts.Expression, name: ts.MemberName, owner: ts.ClassLikeDeclaration): boolean {
  return (
    ts.isPropertyAccessExpression(node)
    && node.expression.kind === ts.SyntaxKind.ThisKeyword
    && node.name.text === name.text
    && isWithin(node, owner)
  )
}

function isSignalType(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && /^AbortSignal(?:\s*\|\s*(?:undefined|null))*$/u.test(type.getText())
}

function isControllerType(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && /^AbortController(?:\s*\|\s*(?:undefined|null))*$/u.test(type.getText())
}

function isNewController(value: ts.Expression | undefined): boolean {
  const made = value && unwrap(value)
  return made !== undefined && ts.isNewExpression(made) && calleeName(made) === 'AbortController'
}

/** The uses of a field through `this` in its class. */
function usesOf(
  name: ts.MemberName,
  owner: ts.ClassLikeDeclaration,
  { references }: FileAnalysis,
): ts.PropertyAccessExpression[] {
  return references
    .members(name.text)
    .flatMap(({ parent }) =>
      ts.isPropertyAccessExpression(parent)
      && parent.expression.kind === ts.SyntaxKind.ThisKeyword
      && isWithin(parent, owner)
        ? [parent]
        : [],
    )
}

function assigned(use: ts.PropertyAccessExpression): ts.Expression | undefined {
  return isAssignment(use.parent) && use.parent.left === use ? use.parent.right : undefined
}

function isSetLater(name: ts.MemberName, owner: ts.ClassLikeDeclaration, analysis: FileAnalysis): boolean {
  return usesOf(name, owner, analysis).some(
    (use) => assigned(use) && !ts.isConstructorDeclaration(functionAround(use) ?? use),
  )
}

function functionAround(node: ts.Node): FunctionNode | undefined {
  const around = ts.findAncestor(node.parent, isFunctionNode)
  return around && isFunctionNode(around) ? around : undefined
}

/** Whether the constructor keeps in it what a parameter brought, by a name with such a word: `this.signal = options.signal`. */
function isGiven(name: ts.MemberName, owner: ts.ClassLikeDeclaration, analysis: FileAnalysis, words: RegExp): boolean {
  return usesOf(name, owner, analysis).some((use) => {
    const value = assigned(use)
    const whole = value && unwrap(value)
    // `{ ...defaults, ...options }`: what comes last counts.
    const last = whole && ts.isObjectLiteralExpression(whole) ? whole.properties.at(-1) : undefined
    const made = last && ts.isSpreadAssignment(last) ? unwrap(last.expression) : whole
    if (!made || (!ts.isIdentifier(made) && !ts.isPropertyAccessExpression(made))) return false
    const root = made.getText().split(/[?!.]/u)[0] ?? ''
    const constructor = functionAround(use)
    return (
      words.test(made.getText())
      && constructor !== undefined
      && constructor.parameters.some((parameter) =>
        new RegExp(`(?:^|[^\\w$])${root.replaceAll('$', '\\$')}(?:$|[^\\w$])`, 'u').test(parameter.name.getText()),
      )
    )
  })
}

/** Whether the class aborts its controller, so that its signal says something. */
function isAborted(name: ts.MemberName, owner: ts.ClassLikeDeclaration, analysis: FileAnalysis): boolean {
  return usesOf(name, owner, analysis).some(
    ({ parent }) => ts.isPropertyAccessExpression(parent) && parent.name.text === 'abort',
  )
}

function isPassed(
  name: ts.MemberName,
  owner: ts.ClassLikeDeclaration,
  analysis: FileAnalysis,
  property = 'signal',
): boolean {
  return usesOf(name, owner, analysis).some((use) => isHandedOver(use, property))
}

/** Whether a call is given the signal, or an object that holds it. */
function isHandedOver(use: ts.PropertyAccessExpression, property: string): boolean {
  const value = ts.isPropertyAccessExpression(use.parent) && use.parent.name.text === property ? use.parent : use
  const { parent } = value
  if (ts.isCallExpression(parent)) return parent.expression !== value
  return (
    ts.isPropertyAssignment(parent)
    && ts.findAncestor(parent, (at) => ts.isCallExpression(at) || ts.isStatement(at))?.kind
      === ts.SyntaxKind.CallExpression
  )
}
