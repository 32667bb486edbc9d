import ts from 'typescript'
import { PAGE_NAMES } from '../knowledge/names.ts'
import { constantNumber, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** From here on a page is as good as everything: who asks for a thousand wants all there are. */
const LARGE_PAGE = 1000

/**
 * Whether a call asks for one page, and how large a one: `findMany({ take: 20 })`, `list({ limit: 10_000 })`, `fetchPage(page, perPage)`
 * with a `perPage` that is a constant. A page whose size is not seen is as small as most are.
 *
 * @returns Nothing where the call does not say that it wants a page.
 */
export function pageAskedFor(
  call: ts.CallExpression | ts.NewExpression,
  types: TypeQuestions,
): 'small' | 'large' | undefined {
  let page: 'small' | 'large' | undefined
  for (const argument of call.arguments ?? []) {
    const inner = unwrap(argument)
    if (ts.isIdentifier(inner) && PAGE_NAMES.test(inner.text) && isLarge(inner, types)) page ??= 'large'
    if (!ts.isObjectLiteralExpression(inner)) continue
    for (const property of inner.properties) {
      if (!PAGE_NAMES.test(property.name?.getText() ?? '')) continue
      const value = ts.isPropertyAssignment(property) ? property.initializer : property.name
      if (value === undefined || !ts.isExpression(value) || !isLarge(value, types)) return 'small'
      page = 'large'
    }
  }
  return page
}

function isLarge(size: ts.Expression, types: TypeQuestions): boolean {
  return (numberOf(size, types) ?? 0) >= LARGE_PAGE
}

/** A number that is written out, here or where the constant of this name is declared. */
function numberOf(size: ts.Expression, types: TypeQuestions): number | undefined {
  const inner = unwrap(size)
  const declaration = ts.isIdentifier(inner) ? types.localSymbol(inner)?.valueDeclaration : undefined
  const isConstant =
    declaration && ts.isVariableDeclaration(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const
  return constantNumber(isConstant && declaration.initializer ? declaration.initializer : inner)
}
