import ts from 'typescript'
import { forEachChild } from './children.ts'
import { TEST_FILES } from '../knowledge/names.ts'
import { propertyOf } from './callers.ts'
import { type FunctionNode, unwrap, wrapperOf } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'
import { filesWith, isPartOfName } from './words.ts'

/** What the calls of a function give for one of its parameters, tests left out. */
export interface GivenInProgram {
  readonly given: readonly ts.Expression[]
  /** Whether the function is used in no other way, so that nobody else in the program decides. */
  readonly isAll: boolean
  /** Whether the program gives the function to somebody as a value. */
  readonly isHandedOn: boolean
}

/** A name that is spoken of more often than this is not followed: it says too little, and costs too much. */
const MAX_USES = 60

const calls = new WeakMap<TypeQuestions, Map<FunctionNode, Calls | undefined>>()

/** The calls of a function in the whole program, tests left out. */
export interface Calls {
  readonly calls: readonly ts.CallExpression[]
  /** Whether nothing else can be a call of it: it is no value of somebody, and stands behind no interface. */
  readonly isAll: boolean
  readonly isHandedOn: boolean
}

/**
 * What is given for a parameter wherever the program calls its function, in other files as well. It costs a look at
 * all files, so it is the last question to ask. Undefined where the function has no name to look for.
 *
 * @param declaration The parameter itself, or the part of its pattern that is asked about: `ids` in `({ ids })`.
 */
export function givenInProgram(
  parameter: ts.ParameterDeclaration,
  declaration: ts.Declaration,
  types: TypeQuestions,
): GivenInProgram | undefined {
  const fn = parameter.parent as FunctionNode
  const index = fn.parameters.indexOf(parameter)
  const found = callsInProgram(fn, types)
  if (found === undefined || index < 0) return undefined
  const given: ts.Expression[] = []
  let { isAll } = found
  for (const call of found.calls) {
    const argument = call.arguments.some(ts.isSpreadElement)
      ? undefined
      : (call.arguments[index] ?? parameter.initializer)
    const part = argument && (declaration === parameter ? argument : propertyOf(argument, declaration))
    if (part) given.push(part)
    else isAll = false
  }
  return { given, isAll, isHandedOn: found.isHandedOn }
}

/** Where the whole program calls a function: as costly as the question above. Undefined where it has no name to look for. */
export function callsInProgram(fn: FunctionNode, types: TypeQuestions): Calls | undefined {
  const known = calls.get(types) ?? new Map<FunctionNode, Calls | undefined>()
  calls.set(types, known)
  if (!known.has(fn)) known.set(fn, callsOf(fn, types))
  return known.get(fn)
}

function callsOf(fn: FunctionNode, types: TypeQuestions): Calls | undefined {
  const name = nameOf(fn)
  if (name === undefined) return undefined
  const uses = usesInProgram(name, fn.getSourceFile(), types)
  if (uses === undefined) return undefined
  const found: ts.CallExpression[] = []
  let isAll = true
  let isHandedOn = false
  for (const use of uses) {
    const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const { parent } = wrapperOf(callee)
    const target = types.functionOf(callee)
    if (target !== undefined && target !== fn) continue
    const isCall = ts.isCallExpression(parent) && unwrap(parent.expression) === callee
    if (target === fn && isCall) found.push(parent)
    else if (target === fn) isHandedOn = true
    // Called through an interface that this function may stand behind.
    else if (isCall && callee !== use && ts.isClassElement(fn)) isAll = false
  }
  return { calls: found, isAll: isAll && !isHandedOn, isHandedOn }
}

/**
 * Where the program speaks of a name, other than to declare it, tests beside the file that asks left out. Undefined where
 * that is too often to tell anything.
 */
export function usesInProgram(
  name: string,
  asking: ts.SourceFile,
  types: TypeQuestions,
): readonly ts.MemberName[] | undefined {
  const found: ts.MemberName[] = []
  let uses = 0
  for (const file of filesWith(name, types.files)) {
    if (isTestBeside(file, asking)) continue
    for (const use of usesIn(file, name)) {
      if (++uses > MAX_USES) return undefined
      if (!isDeclaring(use)) found.push(use)
    }
  }
  return found
}

function nameOf(fn: FunctionNode): string | undefined {
  const holder =
    fn.name
    ?? (ts.isVariableDeclaration(wrapperOf(fn).parent)
      ? (wrapperOf(fn).parent as ts.VariableDeclaration).name
      : undefined)
  return holder && (ts.isIdentifier(holder) || ts.isPrivateIdentifier(holder)) ? holder.text : undefined
}

/** Where a name stands in a file, in code: found in the text first, since most files speak of it nowhere. */
function usesIn(file: ts.SourceFile, name: string): ts.MemberName[] {
  const uses: ts.MemberName[] = []
  for (let at = file.text.indexOf(name); at >= 0; at = file.text.indexOf(name, at + name.length)) {
    // Most places where a short one is found lie in longer ones.
    if (isPartOfName(file.text.charCodeAt(at - 1)) || isPartOfName(file.text.charCodeAt(at + name.length))) continue
    const node = nodeAt(file, at)
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && node.text === name) uses.push(node)
  }
  return uses
}

function nodeAt(file: ts.SourceFile, position: number): ts.Node {
  let node: ts.Node = file
  for (;;) {
    const inner: ts.Node | undefined = forEachChild(node, (child) =>
      child.pos <= position && position < child.end ? child : undefined,
    )
    if (inner === undefined) return node
    node = inner
  }
}

/** The name in a declaration, an import or an export: neither a call nor a value that somebody gets. */
function isDeclaring(use: ts.MemberName): boolean {
  const { parent } = use
  if ('name' in parent && parent.name === use && !ts.isPropertyAccessExpression(parent)) return true
  return ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isTypeNode(parent)
}

/** A test, seen from the folder that it shares with the file it may test: the project itself may lie in a folder of tests. */
export function isTestBeside(file: ts.SourceFile, tested: ts.SourceFile): boolean {
  return TEST_FILES.test(nameBeside(file, tested))
}

/** The name of a file below the folder that it shares with another one. */
export function nameBeside(file: ts.SourceFile, other: ts.SourceFile): string {
  let shared = 0
  for (let at = 0; file.fileName[at] === other.fileName[at] && at < file.fileName.length; at++) {
    if (file.fileName[at] === '/') shared = at + 1
  }
  return file.fileName.slice(shared)
}
