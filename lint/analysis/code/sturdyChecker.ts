import ts from 'typescript'

/**
 * The type checker, where code nests deeper than its own recursion can follow: thousands of constants each of which begins
 * with the one before, as generated code has them. Then it says what it says of what it knows nothing about, instead of
 * throwing. Only the questions that make it look at other code are guarded.
 */
export function sturdy(checker: ts.TypeChecker): ts.TypeChecker {
  const typeOr = (ask: () => ts.Type): ts.Type => answerOf(ask) ?? checker.getAnyType()
  return {
    ...checker,
    getTypeAtLocation: (node) => typeOr(() => checker.getTypeAtLocation(node)),
    getTypeOfSymbol: (symbol) => typeOr(() => checker.getTypeOfSymbol(symbol)),
    getTypeOfSymbolAtLocation: (symbol, node) => typeOr(() => checker.getTypeOfSymbolAtLocation(symbol, node)),
    getContextualType: (node) => answerOf(() => checker.getContextualType(node)),
    getSymbolAtLocation: (node) => answerOf(() => checker.getSymbolAtLocation(node)),
  }
}

function answerOf<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch (error) {
    // What engines throw when the stack is full; no other error of the checker is hidden.
    if (error instanceof RangeError) return undefined
    throw error
  }
}
