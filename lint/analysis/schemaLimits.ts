import ts from 'typescript'
import { isMethodCall, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** Methods of schemas that say how long a list may be at most: zod, yup and joi name them alike. */
const LENGTH_LIMITS = new Set(['max', 'length'])

/**
 * Whether the schema that a property's type is inferred from limits the length of its list: `urls: z.string().array().max(10)`
 * behind `z.infer<typeof schema>`. The checker follows an inferred property to where the schema declares it.
 */
export function isLimitedBySchema(property: ts.PropertyAccessExpression, types: TypeQuestions): boolean {
  const declarations = types.symbol(property.name)?.declarations ?? []
  return declarations.some((declaration) => ts.isPropertyAssignment(declaration) && limitsList(declaration.initializer))
}

/** Whether a limit comes after the `array` of a chain: before it, it is one of the items. */
function limitsList(schema: ts.Expression): boolean {
  let isLimited = false
  for (let at = unwrap(schema); isMethodCall(at); at = unwrap(at.expression.expression)) {
    const method = at.expression.name.text
    if (method === 'array') return isLimited
    isLimited ||= LENGTH_LIMITS.has(method) && at.arguments.length > 0
  }
  return false
}
