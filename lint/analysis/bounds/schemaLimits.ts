import ts from 'typescript'
import { resolvedSchema, schemaOf } from '../code/schemas.ts'
import { calleeName, isMethodCall, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Methods and actions of schemas that say how long a list may be at most. */
const LENGTH_LIMITS = new Set(['max', 'length', 'maxLength'])
/** Options that say the same. */
const LIMITING_OPTIONS = /\bmaxItems\b/u
/** Schemas around another one, given as an argument: `z.optional(list)`, `z.preprocess(read, list)`. */
const WRAPPERS = new Set(['optional', 'nullable', 'nullish', 'preprocess', 'pipe', 'readonly', 'exactOptional'])
/** What says so of a field of a class. */
const LIMITING_DECORATOR = /^@ArrayMaxSize\b/u
const CHECKING_DECORATOR = /^@(?:IsArray|ArrayMinSize|ArrayNotEmpty|ArrayUnique|ValidateNested|Is\w+\(.*\beach\b)/su

/** What a schema says of the number of items of a list. */
export interface ListLimit {
  /** Whether there may be only so many. */
  readonly isLimited: boolean
  /** Whether a client sends the list, so that the schema is all that could limit it. */
  readonly isSent: boolean
}

/**
 * What the schema says that a list is checked against: `urls: z.string().array().max(10)` behind `z.infer<typeof body>`,
 * behind `body.parse(…)`, or as the input of a procedure. Undefined where no schema of a list is seen.
 */
export function limitBySchema(
  list: ts.Identifier | ts.PropertyAccessExpression,
  types: TypeQuestions,
): ListLimit | undefined {
  const described = schemaOf(list, types)
  const isLimited = described && limitsList(described.schema, types, 0)
  return isLimited === undefined ? limitByDecorators(list, types) : { isLimited, isSent: described?.isSent === true }
}

/** Whether a limit comes after the `array` of a chain: before it, it is one of the items. Undefined where there is no list. */
function limitsList(schema: ts.Expression, types: TypeQuestions, depth: number): boolean | undefined {
  let isLimited = false
  let at = resolvedSchema(schema, types)
  while (depth < MAX_DEPTH && ts.isCallExpression(at)) {
    const name = calleeName(at) ?? ''
    if (name === 'array' || name === 'Array')
      return isLimited || at.arguments.some((argument) => LIMITING_OPTIONS.test(argument.getText()))
    isLimited ||= LENGTH_LIMITS.has(name) && at.arguments.length > 0
    if (WRAPPERS.has(name) && at.arguments.length > 0) {
      const inner = at.arguments
        .map((argument) => limitsList(argument, types, depth + 1))
        .find((limit) => limit !== undefined)
      // `v.pipe(v.array(…), v.maxLength(10))`
      const isCut = at.arguments.some(
        (argument) =>
          ts.isCallExpression(unwrap(argument))
          && LENGTH_LIMITS.has(calleeName(unwrap(argument) as ts.CallExpression) ?? ''),
      )
      if (inner !== undefined) return isLimited || inner || isCut
    }
    if (!isMethodCall(at)) return undefined
    at = resolvedSchema(at.expression.expression, types)
  }
  return undefined
}

const MAX_DEPTH = 4

/** `@ArrayMaxSize(10) urls: string[]` in a class that says what a request holds. */
function limitByDecorators(
  list: ts.Identifier | ts.PropertyAccessExpression,
  types: TypeQuestions,
): ListLimit | undefined {
  if (!ts.isPropertyAccessExpression(list)) return undefined
  for (const declaration of types.symbol(list.name)?.declarations ?? []) {
    if (!ts.isPropertyDeclaration(declaration)) continue
    const decorators = (ts.getDecorators(declaration) ?? []).map((decorator) => decorator.getText())
    if (decorators.some((decorator) => LIMITING_DECORATOR.test(decorator))) return { isLimited: true, isSent: true }
    if (decorators.some((decorator) => CHECKING_DECORATOR.test(decorator))) return { isLimited: false, isSent: true }
  }
  return undefined
}
