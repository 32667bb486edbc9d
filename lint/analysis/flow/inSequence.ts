import ts from 'typescript'
import { concurrentRegionOf } from './concurrentRegion.ts'
import { BUILD_FILES, TEST_FILES } from '../knowledge/names.ts'
import { callsInProgram, nameBeside } from '../code/programCallers.ts'
import { References } from '../code/references.ts'
import { isSerialised } from './serialised.ts'
import {
  calleeName,
  enclosingFunction,
  type FunctionNode,
  isAssignment,
  isFunctionExpression,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isWithin,
  someNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** From a helper to the method of the command that all begins with. */
const MAX_DEPTH = 7

/**
 * Whether the program shows that a function runs once, or again only when its last run is over: every call of it is waited
 * for where it stands, and belongs to an instance that its caller has just made, or to a caller of which the same is true.
 * What it leaves half done while it waits is then seen by nobody.
 *
 * It follows the calls through the whole program, so it is the last question to ask. No is the answer in doubt: where nobody
 * calls the function, where it is handed on, and where what is called may be something else.
 *
 * @param isOwn Whether all that its runs share is the instance, so that those of another instance are another matter.
 */
export function runsInSequence(fn: FunctionNode, isOwn: boolean, types: TypeQuestions): boolean {
  return new Sequence(types).holds(fn, isOwn, 0)
}

class Sequence {
  readonly #types: TypeQuestions
  readonly #references = new Map<ts.SourceFile, References>()
  /** A recursive call is waited for like any other, until the rest tells otherwise. */
  readonly #known = new Map<FunctionNode, boolean>()

  constructor(types: TypeQuestions) {
    this.#types = types
  }

  holds(fn: FunctionNode, isOwn: boolean, depth: number): boolean {
    const known = this.#known.get(fn)
    if (known !== undefined) return known
    this.#known.set(fn, true)
    const answer = this.#holds(fn, isOwn, depth)
    this.#known.set(fn, answer)
    return answer
  }

  #holds(fn: FunctionNode, isOwn: boolean, depth: number): boolean {
    if (isCommand(fn)) return true
    if (depth >= MAX_DEPTH) return false
    const found = callsInProgram(fn, this.#types)
    // Examples and scripts show how something is used, not all that is done with it.
    const calls = found?.calls.filter((call) => !isAside(call.getSourceFile(), fn.getSourceFile())) ?? []
    return found?.isAll === true && calls.length > 0 && calls.every((call) => this.#isAlone(call, calls, isOwn, depth))
  }

  #isAlone(call: ts.CallExpression, all: readonly ts.CallExpression[], isOwn: boolean, depth: number): boolean {
    const receiver = ts.isPropertyAccessExpression(call.expression) ? unwrap(call.expression.expression) : undefined
    const maker = isOwn && receiver ? this.#makerOf(receiver) : undefined
    if (receiver && maker && isOnly(call, receiver, maker) && !this.#isKept(call, maker)) return true
    const around = enclosingFunction(call)
    if (around && isSerialised(around, call, this.#referencesIn(around), this.#types)) return true
    const caller = this.#callerOf(call)
    if (caller === 'unclear') return false
    if (caller === undefined) return isWaitedFor(call) || all.length === 1
    if (!isWaitedFor(call)) return false
    if (maker && isWithin(caller, maker)) return true
    if (receiver === undefined) return this.holds(caller, false, depth + 1)
    const isOfCaller = receiver.kind === ts.SyntaxKind.ThisKeyword || this.#isOwnField(receiver, caller)
    return this.holds(caller, isOwn && isOfCaller && ts.isClassElement(caller), depth + 1)
  }

  /** The function that waits for a call, through callbacks that somebody runs and is waited for; undefined at the top of a module. */
  #callerOf(call: ts.Node): FunctionNode | undefined | 'unclear' {
    const fn = enclosingFunction(call)
    if (fn === undefined || !isFunctionExpression(fn)) return fn
    const { parent } = wrapperOf(fn)
    if (!ts.isCallExpression(parent)) return fn
    if (concurrentRegionOf(fn, this.#referencesIn(fn), this.#types)) return 'unclear'
    if (parent.expression !== wrapperOf(fn) && KEEPING.test(calleeName(parent) ?? '')) return 'unclear'
    return isWaitedFor(parent) || enclosingFunction(parent) === undefined ? this.#callerOf(parent) : 'unclear'
  }

  #referencesIn(node: ts.Node): References {
    const file = node.getSourceFile()
    const known = this.#references.get(file) ?? new References(file, this.#types)
    this.#references.set(file, known)
    return known
  }

  /** The function around a name that has made what is called: `const it = new It()`. */
  #makerOf(receiver: ts.Expression): FunctionNode | undefined {
    if (!ts.isIdentifier(receiver)) return undefined
    const declaration = this.#types.localSymbol(receiver)?.valueDeclaration
    const isMade = declaration !== undefined && ts.isVariableDeclaration(declaration) && isNew(declaration.initializer)
    return isMade ? enclosingFunction(declaration) : undefined
  }

  /** Whether a call stands in a callback that may run more than once. */
  #isKept(call: ts.Node, maker: FunctionNode): boolean {
    for (let fn = enclosingFunction(call); fn && fn !== maker; fn = enclosingFunction(fn)) {
      const { parent } = wrapperOf(fn)
      if (!isFunctionExpression(fn) || !ts.isCallExpression(parent)) return true
      if (KEEPING.test(calleeName(parent) ?? '') || concurrentRegionOf(fn, this.#referencesIn(fn), this.#types))
        return true
    }
    return false
  }

  /** `this.field`, where the class of the caller makes what is in it. */
  #isOwnField(receiver: ts.Expression, caller: FunctionNode): boolean {
    if (!ts.isPropertyAccessExpression(receiver) || receiver.expression.kind !== ts.SyntaxKind.ThisKeyword) return false
    const owner = ts.findAncestor(caller, ts.isClassLike)
    const text = receiver.getText()
    return (
      owner !== undefined
      && owner.members.some(
        (member) =>
          (ts.isPropertyDeclaration(member)
            && member.name.getText() === receiver.name.text
            && isNew(member.initializer))
          || (isFunctionNode(member)
            && someNode(member, (node) => isAssignment(node) && node.left.getText() === text && isNew(node.right))),
      )
    )
  }
}

function isAside(file: ts.SourceFile, from: ts.SourceFile): boolean {
  return file !== from && (BUILD_FILES.test(nameBeside(file, from)) || TEST_FILES.test(nameBeside(file, from)))
}

/** Calls that keep a callback for later, as often as something happens. */
const KEEPING =
  /^(?:on|once|use|get|post|put|patch|delete|all|route|handle|addListener|addEventListener|subscribe|set(?:Timeout|Interval|Immediate)|nextTick)$|^on[A-Z]|^register/u

function isNew(node: ts.Expression | undefined): boolean {
  return node !== undefined && ts.isNewExpression(unwrap(node))
}

/** `await it.run()`, `return it.run()`: what comes after it comes after its end. */
function isWaitedFor(call: ts.Node): boolean {
  let at = wrapperOf(call)
  while (isMethodCall(at.parent.parent, 'then', 'catch', 'finally') && at.parent.parent.expression === at.parent)
    at = wrapperOf(at.parent.parent)
  const { parent } = at
  return (
    ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === at)
  )
}

/** The one call of an instance that its caller has made, made once. */
function isOnly(call: ts.CallExpression, receiver: ts.Expression, caller: FunctionNode): boolean {
  const start = `${receiver.getText()}.${calleeName(call) ?? ''}`
  const isRepeated = ts.findAncestor(call.parent, (at) => (at === caller ? 'quit' : isLoop(at))) !== undefined
  return (
    !isRepeated
    && !someNode(caller, (node) => node !== call && ts.isCallExpression(node) && node.expression.getText() === start)
  )
}

/** `class Publish extends Command { async run() { … } }`: a process runs one command, once. */
function isCommand(fn: FunctionNode): boolean {
  if (
    !ts.isMethodDeclaration(fn)
    || fn.parameters.length > 0
    || !/^(?:run|execute|onExecute)(?:Async)?$/u.test(fn.name.getText())
  )
    return false
  const { parent } = fn
  return (
    ts.isClassLike(parent)
    && (parent.heritageClauses?.some((clause) => /(?:Command|Action)\b/u.test(clause.getText())) ?? false)
  )
}
