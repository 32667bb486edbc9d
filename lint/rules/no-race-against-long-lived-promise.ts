import ts from 'typescript'
import { turnsOf } from '../analysis/bounds/boundedness.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  enclosingFunction,
  excerpt,
  isAssignment,
  isFunctionNode,
  isLoop,
  isPromiseCombinator,
  isWithin,
  someNode,
  unwrap,
} from '../analysis/code/syntax.ts'
import { waitOf } from '../analysis/cancellation/timers.ts'
import type { Level } from '../model.ts'
import { defineRule, type RuleContext } from '../rule.ts'

/** What a promise that settles within this many milliseconds gathers is gone before anybody minds. */
const SHORT_LIVED = 60_000

export const rule = defineRule({
  id: 'no-race-against-long-lived-promise',
  meta: {
    family: 'cancellation',
    level: 'likely',
    description: 'Disallow racing against the same pending promise on every turn of a loop',
    fixable: false,
    hasSuggestions: false,
  },
  check(context) {
    return {
      [ts.SyntaxKind.CallExpression](node: ts.CallExpression) {
        if (isPromiseCombinator(node, 'race', 'any')) checkRace(node, context)
      },
    }
  },
})

function checkRace(race: ts.CallExpression, { analysis, report }: RuleContext): void {
  const loop = loopAround(race)
  const list = race.arguments[0] && unwrap(race.arguments[0])
  if (!loop || !list || !ts.isArrayLiteralExpression(list) || list.elements.length < 2) return
  const lasting = list.elements.find((element) => isLasting(element, loop, analysis))
  // Where every contestant is kept from turn to turn, the code runs a window of work, which the race empties.
  if (!lasting || !list.elements.some((element) => element !== lasting && isMadeEachTurn(element, loop, analysis)))
    return
  const level = levelOf(loop, lasting, analysis)
  if (!level) return
  report({
    node: lasting,
    level,
    message:
      `Each turn of this loop attaches one more handler to \`${excerpt(lasting)}\`, and none goes before it settles: the handlers, with the `
      + 'results of the races they belong to, fill the memory.',
    related: [{ node: loop.getFirstToken() ?? loop, message: 'This loop races against it turn after turn.' }],
  })
}

/** The loop whose every turn runs a node, with no function in between. */
function loopAround(node: ts.Node): ts.IterationStatement | undefined {
  const around = ts.findAncestor(node.parent, (at) => isLoop(at) || isFunctionNode(at))
  if (!around || !isLoop(around)) return undefined
  // A race that ends the loop, or its only turn, is one race.
  const exit = ts.findAncestor(node, (at) =>
    at === around ? 'quit' : ts.isReturnStatement(at) || ts.isThrowStatement(at),
  )
  return exit ? undefined : around
}

/** Whether a contestant is one promise for all turns: a name or a field from outside the loop that no turn sets anew. */
function isLasting(element: ts.Expression, loop: ts.IterationStatement, analysis: FileAnalysis): boolean {
  const value = unwrap(element)
  if (ts.isIdentifier(value)) return isLastingName(value, loop, analysis)
  if (!ts.isPropertyAccessExpression(value) || !isStable(value.expression, loop, analysis)) return false
  return (
    analysis.types.thenable(value) === 'always' && !isAssignedIn(loop, value.name.text) && !isSetAnew(value, analysis)
  )
}

function isLastingName(name: ts.Identifier, loop: ts.IterationStatement, analysis: FileAnalysis): boolean {
  const declaration = analysis.types.localSymbol(name)?.declarations?.[0]
  if (!declaration || isWithin(declaration, loop) || isAssignedIn(loop, name.text)) return false
  if (!ts.isVariableDeclaration(declaration) && !ts.isParameter(declaration)) return false
  // Another function may set a variable that can be set.
  if (ts.isVariableDeclaration(declaration) && !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const))
    return false
  if (analysis.types.thenable(name) !== 'always') return false
  const made = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  return made === undefined || !isShortLived(made, analysis)
}

/** A timer that is over soon lets go of what it has gathered; so does work that was only started before the loop. */
function isShortLived(made: ts.Expression, analysis: FileAnalysis): boolean {
  const wait = waitOf(made, analysis)
  return wait !== undefined && (wait.milliseconds ?? 0) <= SHORT_LIVED
}

/** `this`, or a name that no turn sets. */
function isStable(object: ts.Expression, loop: ts.IterationStatement, analysis: FileAnalysis): boolean {
  const inner = unwrap(object)
  if (inner.kind === ts.SyntaxKind.ThisKeyword) return true
  if (ts.isPropertyAccessExpression(inner))
    return isStable(inner.expression, loop, analysis) && !isAssignedIn(loop, inner.name.text)
  if (!ts.isIdentifier(inner)) return false
  const declaration = analysis.types.localSymbol(inner)?.declarations?.[0]
  return declaration !== undefined && !isWithin(declaration, loop) && !isAssignedIn(loop, inner.text)
}

/** Whether the file sets a property of this name after it was made: then it may be another promise on each turn. */
function isSetAnew(access: ts.PropertyAccessExpression, { references, types }: FileAnalysis): boolean {
  const declaration = types.symbol(access.name)?.declarations?.[0]
  if (!declaration || ts.isGetAccessorDeclaration(declaration)) return true
  return references.members(access.name.text).some((use) => {
    const { parent } = use
    if (!ts.isPropertyAccessExpression(parent) || !isAssignment(parent.parent) || parent.parent.left !== parent)
      return false
    const setter = enclosingFunction(parent)
    return !setter || !ts.isConstructorDeclaration(setter)
  })
}

function isAssignedIn(loop: ts.Node, name: string): boolean {
  return someNode(
    loop,
    (node) => isAssignment(node) && someNode(node.left, (at) => ts.isMemberName(at) && at.text === name),
  )
}

/** A call in the list, or a name that was given a value on this turn. */
function isMadeEachTurn(element: ts.Expression, loop: ts.IterationStatement, analysis: FileAnalysis): boolean {
  const value = unwrap(element)
  if (ts.isCallExpression(value) || ts.isNewExpression(value)) return true
  if (!ts.isIdentifier(value)) return false
  const declaration = analysis.types.localSymbol(value)?.declarations?.[0]
  return (declaration !== undefined && isWithin(declaration, loop)) || isAssignedIn(loop, value.text)
}

/** How long a loop goes on decides: for ever, as long as a stream does, or for as many items as there are; few turns are no matter. */
function levelOf(loop: ts.IterationStatement, lasting: ts.Expression, analysis: FileAnalysis): Level | undefined {
  if (analysis.role === 'test') return 'possible'
  const isEndless =
    (ts.isWhileStatement(loop) && loop.expression.kind === ts.SyntaxKind.TrueKeyword)
    || (ts.isForStatement(loop) && !loop.condition)
  // What one activation made goes with it; it takes a loop without an end to fill the memory.
  if (!isEndless && isMadeHere(lasting, loop, analysis)) return 'possible'
  if (ts.isWhileStatement(loop) || ts.isDoStatement(loop)) return isCounted(loop.expression) ? 'possible' : 'likely'
  if (ts.isForStatement(loop) && !loop.condition) return 'likely'
  if (ts.isForOfStatement(loop) && loop.awaitModifier) return 'likely'
  return turnsOf(loop, analysis.types, analysis.references).kind === 'bounded' ? undefined : 'possible'
}

function isMadeHere(lasting: ts.Expression, loop: ts.Node, { types }: FileAnalysis): boolean {
  const name = unwrap(lasting)
  const declaration = ts.isIdentifier(name) ? types.localSymbol(name)?.declarations?.[0] : undefined
  return (
    declaration !== undefined
    && ts.isVariableDeclaration(declaration)
    && enclosingFunction(declaration) === enclosingFunction(loop)
    && enclosingFunction(loop) !== undefined
  )
}

/** `attempt < 3`: whoever counts the turns expects few. */
function isCounted(condition: ts.Expression): boolean {
  return someNode(condition, (node) => ts.isBinaryExpression(node) && /^[<>]=?$/u.test(node.operatorToken.getText()))
}
