import ts from 'typescript'
import type { StaleRead, Write } from '../analysis/flowFacts.ts'
import type { ConcurrentRegion } from '../analysis/concurrentRegion.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { scanFunction } from '../analysis/functionScan.ts'
import { ownershipOf } from '../analysis/locations.ts'
import { isSerialised } from '../analysis/serialised.ts'
import { excerpt, type FunctionNode, isAssignment, isAsync, isFunctionNode, isWithin, unwrap } from '../analysis/syntax.ts'
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
        const fix = hoistAwait(write.node, analysis)
        report({
          node: write.node,
          level,
          message: `\`${excerpt(write.node)}\` is read before the \`await\` and written after it, so an update that ${overlapping(region)} makes in between is lost.`,
          related: stale.read.node === write.node ? [] : [{ node: stale.read.node, message: 'The value written comes from this read.' }],
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
 * Cheap test first: following the flow is only worth it where something is awaited, and something assigned that is not a
 * variable of the function itself.
 */
function mayRace(fn: FunctionNode): boolean {
  const { suspends, assigned, declared } = scanFunction(fn)
  return suspends && [...assigned].some((name) => !declared.has(name))
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
  if (isOwnKey(write, fn, region)) return undefined
  if (!direct || isRestore(write) || write.claimedFrom < read.node.pos) return 'possible'
  const isShared = location.symbol === undefined || isOutside(location.symbol, region?.callback ?? fn)
  if (!isShared) return undefined
  if (region?.kind === 'fan-out') return 'certain'
  if (region !== undefined) return location.ownership === 'parameter' ? 'possible' : 'likely'
  if (analysis.role === 'test') return 'possible'
  return location.ownership === 'this' || location.ownership === 'module' ? 'likely' : 'possible'
}

/** Whether a variable is declared outside the function whose activations overlap: each of them sees the same one. */
function isOutside(symbol: ts.Symbol, callback: FunctionNode): boolean {
  const declaration = symbol.valueDeclaration
  return declaration === undefined || !isWithin(declaration, callback) || ownershipOf(symbol, callback) === 'parameter'
}

/** `counts[item.id] = …`: a key of this activation alone names a place of its own. */
function isOwnKey(write: Write, fn: FunctionNode, region: ConcurrentRegion | undefined): boolean {
  const owner = region?.callback ?? fn
  return write.location.computedKeys.some((key) => usesNameFrom(key, owner))
}

function usesNameFrom(key: ts.Expression, owner: FunctionNode): boolean {
  const names = new Set(owner.parameters.flatMap((parameter) => namesIn(parameter.name)))
  const visit = (node: ts.Node): boolean => (ts.isIdentifier(node) && names.has(node.text)) || (ts.forEachChild(node, visit) ?? false)
  return visit(key)
}

function namesIn(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)))
}

/** `this.mode = before`: an old value put back as it was, mostly on purpose. */
function isRestore(write: Write): boolean {
  const { parent } = write.node
  if (!isAssignment(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false
  const value = unwrap(parent.right)
  if (ts.isIdentifier(value)) return true
  // `catch { this.info = before.isSet ? before : none }`: only a failure puts it back.
  const isUndone = ts.findAncestor(parent, (at) => (isFunctionNode(at) ? 'quit' : ts.isCatchClause(at))) !== undefined
  return isUndone && ts.isConditionalExpression(value) && [value.whenTrue, value.whenFalse].some((part) => ts.isIdentifier(unwrap(part)))
}
