import ts from 'typescript'

/** From here on, the terms of a chain of operators are visited from a loop: far more than people write, far less than a stack. */
const LONGEST = 100

/**
 * `ts.forEachChild` for walks that call themselves: how deep they go does not depend on how long a sum is. `a + b + c` nests
 * once for each `+`, and generated code adds up thousands of texts. All terms of so long a chain are visited as children of
 * the whole; the partial sums between them are not.
 */
export function forEachChild<T>(node: ts.Node, visit: (child: ts.Node) => T | undefined): T | undefined {
  return ts.isBinaryExpression(node) && (isLong(node, 'left') || isLong(node, 'right'))
    ? forEachTerm(node, visit)
    : ts.forEachChild(node, visit)
}

function isLong(chain: ts.BinaryExpression, side: 'left' | 'right'): boolean {
  let at: ts.Expression = chain
  for (let length = 0; length < LONGEST; length++) {
    if (!ts.isBinaryExpression(at)) return false
    at = at[side]
  }
  return true
}

function forEachTerm<T>(chain: ts.BinaryExpression, visit: (child: ts.Node) => T | undefined): T | undefined {
  const ahead: ts.Node[] = [chain]
  let found: T | undefined
  for (let next = ahead.pop(); next && !found; next = ahead.pop()) {
    if (ts.isBinaryExpression(next)) ahead.push(next.right, next.operatorToken, next.left)
    else found = visit(next)
  }
  return found
}
