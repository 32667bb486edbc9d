import ts from 'typescript'
import type { FlowRoot } from './flowFacts.ts'
import { enclosingFunction, type FunctionNode, isFunctionNode, isWithin, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Who a piece of state belongs to, seen from one function:
 * - `local`: made by this activation and not handed in from outside;
 * - `parameter`: reached through an argument, so the caller may share it;
 * - `captured`: a variable of an enclosing function;
 * - `module`: a variable of the module, shared by all that runs;
 * - `this`: a field of the instance, shared by all calls on it.
 */
export type Ownership = 'local' | 'parameter' | 'captured' | 'module' | 'this'

/** A place that holds a value: a variable, or a path of properties from one. */
export interface Location {
  /** Equal for two expressions that name the same place; element accesses are the same if written the same. */
  readonly key: string
  readonly ownership: Ownership
  /** As the program writes it. */
  readonly text: string
  /** The variable at the root; undefined for `this`. */
  readonly symbol: ts.Symbol | undefined
  /** The computed keys on the path, such as `i` in `results[i]`. */
  readonly computedKeys: readonly ts.Expression[]
}

const symbolIds = new WeakMap<ts.Symbol, number>()
let nextSymbolId = 0

function idOf(symbol: ts.Symbol): number {
  let id = symbolIds.get(symbol)
  if (id === undefined) {
    id = nextSymbolId++
    symbolIds.set(symbol, id)
  }
  return id
}

/** The location that an expression names, seen from a function; undefined where it names none (a call's result). */
export function locationOf(node: ts.Expression, from: FlowRoot, types: TypeQuestions): Location | undefined {
  const path: string[] = []
  const computedKeys: ts.Expression[] = []
  let at = unwrap(node)
  for (;;) {
    if (ts.isPropertyAccessExpression(at)) {
      path.unshift(`.${at.name.text}`)
      at = unwrap(at.expression)
    } else if (ts.isElementAccessExpression(at)) {
      const key = unwrap(at.argumentExpression)
      if (ts.isStringLiteralLike(key)) path.unshift(`.${key.text}`)
      else {
        path.unshift(`[${key.getText()}]`)
        if (!ts.isNumericLiteral(key)) computedKeys.unshift(key)
      }
      at = unwrap(at.expression)
    } else break
  }
  const rest = path.join('')
  if (at.kind === ts.SyntaxKind.ThisKeyword) {
    if (isOtherThis(at, from)) return undefined
    return { key: `this${rest}`, ownership: 'this', text: node.getText(), symbol: undefined, computedKeys }
  }
  if (!ts.isIdentifier(at)) return undefined
  const symbol = types.localSymbol(at)
  if (symbol === undefined) return undefined
  const ownership = ownershipOf(symbol, from)
  return {
    key: `${String(idOf(symbol))}${rest}`,
    // The parameter itself is a variable of this activation; only what it refers to may be shared.
    ownership: ownership === 'parameter' && rest === '' ? 'local' : ownership,
    text: node.getText(),
    symbol,
    computedKeys,
  }
}

/** The entry of a collection that a call names by its first argument: `counts.get(word)`, `counts.set(word, 1)`. */
export function entryOf(collection: Location, call: ts.CallExpression): Location | undefined {
  const [key] = call.arguments
  if (key === undefined || ts.isSpreadElement(key)) return undefined
  const text = unwrap(key).getText()
  return {
    ...collection,
    key: `${collection.key}[${text}]`,
    text: `${collection.text}.get(${text})`,
    computedKeys: ts.isLiteralExpression(unwrap(key))
      ? collection.computedKeys
      : [...collection.computedKeys, unwrap(key)],
  }
}

/** Whether `this` is the class that a static block or field inside the function belongs to. */
function isOtherThis(node: ts.Node, from: FlowRoot): boolean {
  for (let at = node.parent; at !== from && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isClassStaticBlockDeclaration(at) || ts.isPropertyDeclaration(at)) return true
  }
  return false
}

/** The location of what a name of an object pattern takes out of a location: `count` in `const { count } = this`. */
export function propertyOf(location: Location, element: ts.BindingElement): Location | undefined {
  const name = element.propertyName ?? element.name
  if (element.dotDotDotToken || !(ts.isIdentifier(name) || ts.isStringLiteralLike(name))) return undefined
  return { ...location, key: `${location.key}.${name.text}`, text: `${location.text}.${name.text}` }
}

/** Who owns a variable, seen from a function. */
export function ownershipOf(symbol: ts.Symbol, from: FlowRoot): Ownership {
  const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0]
  if (declaration === undefined) return 'module'
  const owner =
    isFunctionNode(declaration) && !isWithin(declaration, from) ? enclosingFunction(declaration) : ownerOf(declaration)
  if (owner === from || (owner !== undefined && isWithin(owner, from))) {
    return isParameter(declaration) ? 'parameter' : 'local'
  }
  return owner === undefined ? 'module' : 'captured'
}

function ownerOf(declaration: ts.Declaration): FunctionNode | undefined {
  const parameter = ts.findAncestor(declaration, ts.isParameter)
  if (parameter !== undefined && isFunctionNode(parameter.parent)) return parameter.parent
  return enclosingFunction(declaration)
}

function isParameter(declaration: ts.Declaration): boolean {
  const root = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  return ts.isParameter(root)
}
