import ts from 'typescript'
import { forEachChild } from '../analysis/code/children.ts'
import type { StaleRead, Write } from '../analysis/flow/flowFacts.ts'
import type { ConcurrentRegion } from '../analysis/flow/concurrentRegion.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { neverLookedAt, scanFunction } from '../analysis/flow/functionScan.ts'
import { mayLetButOneIn } from '../analysis/state/itemChecks.ts'
import { runsInSequence } from '../analysis/flow/inSequence.ts'
import { ownershipOf } from '../analysis/flow/locations.ts'
import { isSerialised } from '../analysis/flow/serialised.ts'
import {
  enclosingFunction,
  excerpt,
  type FunctionNode,
  isAssignment,
  isAsync,
  isFunctionExpression,
  isLogicalAssignment,
  isMethodCall,
  isWithin,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../analysis/code/syntax.ts'
import { addsForSure } from '../analysis/state/sums.ts'
import { isInCatch } from '../analysis/state/writes.ts'
import { hoistAwait } from '../fixes/hoistAwait.ts'
import type { Level } from '../model.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'no-stale-write-after-await',
  meta: {
    family: 'race',
    level: 'likely',
    description: 'Disallow writing shared state after an `await` from a value read before it',
    fixable: true,
    hasSuggestions: true,
  },
  check({ analysis, report }) {
    const checkFunction = (fn: FunctionNode): void => {
      if (!isAsync(fn) || !mayRace(fn)) return
      for (const write of analysis.flow(fn).writes) {
        const stale = write.stale.find(({ direct }) => direct) ?? write.stale[0]
        if (stale === undefined) continue
        const region = analysis.region(fn)
        const level = levelOf(write, stale, fn, region, analysis)
        if (level === undefined) continue
        const fix = isReadInPlace(write) ? hoistAwait(write.node, analysis) : undefined
        report({
          node: write.node,
          level,
          message: `\`${excerpt(write.entry ? stale.read.node : write.node)}\` is read before the \`await\` and ${write.entry ? 'set' : 'written'} after it, so an update that ${overlapping(region)} makes in between is lost.`,
          related:
            stale.read.node === write.node || isWithin(stale.read.node, write.node)
              ? []
              : [{ node: stale.read.node, message: 'The value written comes from this read.' }],
          fix: fix?.isSafe === true ? fix : undefined,
          suggestions: fix && !fix.isSafe ? [fix] : [],
        })
      }
    }
    return {
      [ts.SyntaxKind.ArrowFunction]: checkFunction,
      [ts.SyntaxKind.FunctionExpression]: checkFunction,
      [ts.SyntaxKind.FunctionDeclaration]: checkFunction,
      [ts.SyntaxKind.MethodDeclaration]: checkFunction,
    }
  },
})

/**
 * Cheap test first: following the flow is only worth it where something is awaited, and something assigned, or an entry
 * set that may come from an old one, that is not a variable of the function itself.
 */
function mayRace(fn: FunctionNode): boolean {
  const { suspends, assigned, mutated, methods, declared } = scanFunction(fn)
  if (!suspends) return false
  const changed = methods.has('get') && methods.has('set') ? [...assigned, ...mutated] : [...assigned]
  const isRead = (name: string): boolean => mutated.has(name) || !neverLookedAt(fn).has(name)
  return changed.some((name) => !declared.has(name) && isRead(name))
}

/** Whether all old values are read where the new one is written: what a variable has kept, no other order makes newer. */
function isReadInPlace({ node, stale }: Write): boolean {
  const whole = isMethodCall(node) ? node : node.parent
  return stale.every(({ read }) => isWithin(read.node, whole))
}

function overlapping(region: ConcurrentRegion | undefined): string {
  return region === undefined || region.kind === 'events' ? 'an overlapping call' : 'the call for another item'
}

function levelOf(
  write: Write,
  { read, direct }: StaleRead,
  fn: FunctionNode,
  region: ConcurrentRegion | undefined,
  analysis: FileAnalysis,
): Level | undefined {
  const { location } = write
  if (isSerialised(fn, read.node, analysis.references, analysis.types)) return undefined
  // Commands of a cache client have the same names, and are no state of this process.
  if (
    write.mutation
    && !(isMethodCall(write.mutation) && analysis.types.isBuiltinCollection(write.mutation.expression.expression))
  )
    return undefined
  if (isSettled(write) || isMergedBack(write)) return undefined
  const owner = region?.callback ?? fn
  const ownKeys = keysFrom(owner, write)
  if (ownKeys.some(ts.isIdentifier) && isOfDistinctKeys(owner)) return undefined
  const isRemade = isListChangedElsewhere(write, fn, analysis)
  if ((!direct && !isRemade) || isRestore(write, analysis) || isFill(write) || write.claimedFrom < read.node.pos)
    return 'possible'
  const runsPerItem = region?.kind === 'fan-out' || makerOf(owner) !== undefined
  if (ownKeys.length > 0 && (!isTally(valueOf(write, analysis)) || (runsPerItem && ownKeys.some(isUnique))))
    return 'possible'
  const isShared = location.symbol === undefined || isOutside(location.symbol, region?.callback ?? fn)
  if (!isShared) return undefined
  // What was added to it before the wait may have been nothing.
  const isSure =
    ownKeys.length === 0 && writtenBy(write) === valueOf(write, analysis) && surelyAdds(write, fn, analysis)
  if (region?.kind === 'fan-out')
    return isSure && !mayLetButOneIn(write.node, fn, region, analysis.types) ? 'certain' : 'likely'
  if (region !== undefined) return location.ownership === 'parameter' ? 'possible' : 'likely'
  if (analysis.role === 'test') return 'possible'
  if (location.ownership !== 'this' && location.ownership !== 'module') return 'possible'
  // Where nothing shows that runs overlap, only what adds to the old value says that no update may be lost; or a list made
  // anew from the old one, which other code changes item by item.
  if (!isTally(valueOf(write, analysis)) && !isRemade) return 'possible'
  return runsInSequence(fn, location.ownership === 'this', analysis.types) ? 'possible' : 'likely'
}

/** Whether a variable is declared outside the function whose activations overlap: each of them sees the same one. */
function isOutside(symbol: ts.Symbol, callback: FunctionNode): boolean {
  const declaration = symbol.valueDeclaration
  return declaration === undefined || !isWithin(declaration, callback) || ownershipOf(symbol, callback) === 'parameter'
}

/** The keys on the path to the place that come from a parameter of the activation: `item.id` in `counts[item.id] = …`. */
function keysFrom(owner: FunctionNode, { entry, location }: Write): readonly ts.Expression[] {
  return (entry ?? location).computedKeys.filter((key) => usesNameFrom(key, owner))
}

/** Whether the new value adds to the old one, which would make little sense if each key came but once. */
function isTally(value: ts.Expression | undefined): boolean {
  if (value === undefined) return false
  if (ts.isBinaryExpression(value)) return value.operatorToken.kind === ts.SyntaxKind.PlusToken || isAssignment(value)
  return (
    (ts.isArrayLiteralExpression(value) && value.elements.some(ts.isSpreadElement))
    || (isMethodCall(value, 'concat') && !ts.isArrayLiteralExpression(unwrap(value.expression.expression)))
  )
}

/** `this.rows = await Promise.all(this.rows.map(renew))`, while other functions of the file add rows or take some out. */
function isListChangedElsewhere(
  { node, mutation }: Write,
  fn: FunctionNode,
  { references, types }: FileAnalysis,
): boolean {
  const value = !mutation && isAssignment(node.parent) ? unwrap(node.parent.right) : undefined
  const awaited = value && ts.isAwaitExpression(value) ? unwrap(value.expression) : undefined
  const text = node.getText()
  if (!awaited || !isMethodCall(awaited, 'all') || !awaited.arguments[0]?.getText().startsWith(`${text}.map(`))
    return false
  const target = unwrap(node)
  const name = ts.isPropertyAccessExpression(target) ? target.name : target
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return false
  const symbol = types.symbol(name)
  return references.members(name.text).some((use) => {
    const place = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const owner = enclosingFunction(use)
    if (owner === undefined || owner === fn || ts.isConstructorDeclaration(owner) || types.symbol(use) !== symbol)
      return false
    const { parent } = place
    if (isAssignment(parent) && parent.left === place) return parent.right.getText().includes(text)
    return isMethodCall(parent.parent, 'push', 'unshift', 'splice') && parent.parent.expression === parent
  })
}

/** Whether a key names one item: the item itself, its index, or what tells it from others. */
function isUnique(key: ts.Expression): boolean {
  if (ts.isIdentifier(key)) return true
  return (
    ts.isPropertyAccessExpression(key) && /^(?:key|uuid|guid|path|name|slug|index)$|^_?id$|Id$/u.test(key.name.text)
  )
}

/** Whether each activation writes something else than what it read, whatever its item is. */
function surelyAdds(write: Write, fn: FunctionNode, { types }: FileAnalysis): boolean {
  const value = writtenBy(write)
  return value !== undefined && addsForSure(value, fn, types)
}

/** What is written; of a compound assignment, all of it. */
function writtenBy({ mutation, node }: Write): ts.Expression | undefined {
  const assignment = !mutation && isAssignment(node.parent) ? node.parent : undefined
  if (assignment && assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return assignment
  const value = mutation ? mutation.arguments[1] : assignment?.right
  return value && unwrap(value)
}

/** What is written; of a constant that adds something, or that began as a copy of the old value, how it was computed. */
function valueOf(write: Write, { types }: FileAnalysis): ts.Expression | undefined {
  const value = writtenBy(write)
  const declaration = value && ts.isIdentifier(value) ? types.localSymbol(value)?.valueDeclaration : undefined
  const computed =
    declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
      ? unwrap(declaration.initializer)
      : undefined
  return isTally(computed) || isCopy(computed) ? computed : value
}

/** `const next = { ...this.state }`: what is written back is a new object with the old parts. */
function isCopy(value: ts.Expression | undefined): boolean {
  return value !== undefined && ts.isObjectLiteralExpression(value) && value.properties.some(ts.isSpreadAssignment)
}

/** `Object.entries(totals).map(async ([name]) => …)`: each key comes once. */
function isOfDistinctKeys(owner: FunctionNode): boolean {
  const call = wrapperOf(makerOf(owner) ?? owner).parent
  if (!isMethodCall(call, 'map', 'flatMap', 'forEach')) return false
  const list = unwrap(call.expression.expression)
  return isMethodCall(list, 'entries', 'keys') && list.expression.expression.getText() === 'Object'
}

/** The callback that makes a function for each item: `items.map((item) => async (task) => …)`. */
function makerOf(made: FunctionNode): FunctionNode | undefined {
  const { parent } = wrapperOf(made)
  const maker = enclosingFunction(made)
  if (maker === undefined || !isFunctionExpression(maker) || !ts.isCallExpression(wrapperOf(maker).parent))
    return undefined
  return parent === maker || ts.isReturnStatement(parent) ? maker : undefined
}

function usesNameFrom(key: ts.Expression, owner: FunctionNode): boolean {
  const parameters = [...owner.parameters, ...(makerOf(owner)?.parameters ?? [])]
  const names = new Set(parameters.flatMap((parameter) => namesIn(parameter.name)))
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && names.has(node.text)) || (forEachChild(node, visit) ?? false)
  return visit(key)
}

function namesIn(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)))
}

/** `this.store = await this.store`: the promise in the place gives the same value to all. */
function isSettled(write: Write): boolean {
  const value = writtenBy(write)
  return value !== undefined && ts.isAwaitExpression(value) && value.expression.getText() === write.node.getText()
}

/** `waiting = taken.concat(waiting)`, `[...taken, ...waiting]`: what has come since goes in as well. */
function isMergedBack(write: Write): boolean {
  const value = writtenBy(write)
  if (value === undefined || someOwnNode(value, suspends)) return false
  return partsOf(value).some((part) => unwrap(part).getText() === write.node.getText())
}

function partsOf(value: ts.Expression): readonly ts.Expression[] {
  if (isMethodCall(value, 'concat')) return value.arguments
  if (ts.isArrayLiteralExpression(value))
    return value.elements.filter(ts.isSpreadElement).map(({ expression }) => expression)
  return ts.isObjectLiteralExpression(value)
    ? value.properties.filter(ts.isSpreadAssignment).map(({ expression }) => expression)
    : []
}

/** `this.name = this.name || (await ask())`: what was there is kept, so that nothing is lost but a second answer. */
function isFill(write: Write): boolean {
  const { parent } = write.node
  if (isAssignment(parent) && isLogicalAssignment(parent)) return true
  const value = writtenBy(write)
  return (
    value !== undefined
    && ts.isBinaryExpression(value)
    && value.left.getText() === write.node.getText()
    && [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(value.operatorToken.kind)
  )
}

/** `{ ...this.state }` and nothing else. */
function isWholeCopy(value: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(value)
    && value.properties.length === 1
    && value.properties.every(ts.isSpreadAssignment)
  )
}

/** `console.log = saved.log` where `saved` is a literal of this function that holds what was there before. */
function isSavedField(value: ts.Expression, { types }: FileAnalysis): boolean {
  if (!ts.isPropertyAccessExpression(value) || !ts.isIdentifier(value.expression)) return false
  const declaration = types.localSymbol(value.expression)?.valueDeclaration
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false
  const saved = unwrap(declaration.initializer)
  const field = value.name.text
  return (
    ts.isObjectLiteralExpression(saved)
    && saved.properties.some(
      (property) =>
        ts.isPropertyAssignment(property) && property.name.getText() === field && isPath(unwrap(property.initializer)),
    )
  )
}

function isPath(value: ts.Expression): boolean {
  return (
    ts.isIdentifier(value)
    || value.kind === ts.SyntaxKind.ThisKeyword
    || (ts.isPropertyAccessExpression(value) && isPath(unwrap(value.expression)))
  )
}

/** `this.mode = before`: an old value put back as it was, mostly on purpose. */
function isRestore(write: Write, analysis: FileAnalysis): boolean {
  const value = valueOf(write, analysis)
  if (value === undefined) return false
  if (ts.isIdentifier(value) || isSavedField(value, analysis)) return true
  // `catch { this.info = before.isSet ? before : none }`: only a failure puts it back.
  const isUndone = isInCatch(write.node)
  if (isUndone && isWholeCopy(value)) return true
  return (
    isUndone
    && ts.isConditionalExpression(value)
    && [value.whenTrue, value.whenFalse].some((part) => ts.isIdentifier(unwrap(part)))
  )
}
