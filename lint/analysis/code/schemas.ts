import ts from 'typescript'
import {
  calleeName,
  enclosingFunction,
  isFunctionExpression,
  isMethodCall,
  type MethodCall,
  unwrap,
  wrapperOf,
} from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** What a value is checked against, read off the syntax, so that it holds where the schema's package is not installed. */
export interface DescribedBy {
  /** The expression that makes the schema: `z.array(z.string())`, or the name of one. */
  readonly schema: ts.Expression
  /** Whether the value is what a client sends: the input of a procedure. */
  readonly isSent: boolean
}

/** `z.infer<typeof body>` and what other packages call it. */
const INFERRING = new Set([
  'infer',
  'Infer',
  'output',
  'input',
  'TypeOf',
  'InferOutput',
  'InferInput',
  'InferType',
  'Static',
  'Asserts',
])
/** Types that keep the fields of what they are made from. */
const KEEPING = new Set([
  'Readonly',
  'Partial',
  'Required',
  'NonNullable',
  'Promise',
  'Omit',
  'Pick',
  'Awaited',
  'DeepReadonly',
  'Simplify',
  'Prettify',
])

/** Methods that check a value and give it back. */
const PARSERS = new Set(['parse', 'parseAsync', 'validate', 'validateSync', 'cast', 'assert'])
const SAFE_PARSERS = new Set(['safeParse', 'safeParseAsync', 'spa'])
const SAFE_RESULTS = new Set(['data', 'value', 'output'])

/** Methods that make a schema from fields, or add some. */
const WITH_FIELDS = new Set(['object', 'strictObject', 'looseObject', 'extend', 'safeExtend', 'augment', 'Object'])
/** Methods that add the fields of another schema. */
const WITH_SCHEMAS = new Set([
  'merge',
  'and',
  'intersection',
  'intersect',
  'concat',
  'optional',
  'nullable',
  'nullish',
  'preprocess',
  'pipe',
  'lazy',
  'effects',
])

/** How procedures of servers are given what to run, what their input has to be, and what they call it. */
const HANDLERS = new Set(['mutation', 'query', 'subscription', 'handler', 'action', 'func'])
const INPUT_METHODS = new Set(['input', 'schema', 'inputSchema', 'inputValidator', 'validator'])
const INPUT_NAMES = new Set(['input', 'parsedInput', 'clientInput', 'data'])

const MAX_STEPS = 10

/** The schema of a value, where the code tells by a type, by a check of the value, or by the procedure whose input it is. */
export function schemaOf(value: ts.Expression, types: TypeQuestions, steps = 0): DescribedBy | undefined {
  const node = unwrap(value)
  if (steps > MAX_STEPS) return undefined
  if (ts.isAwaitExpression(node)) return schemaOf(node.expression, types, steps + 1)
  if (ts.isBinaryExpression(node)) return schemaOf(node.left, types, steps + 1)
  if (ts.isCallExpression(node)) return schemaOfParsed(node)
  if (ts.isIdentifier(node)) return schemaOfName(node, types, steps + 1)
  return ts.isPropertyAccessExpression(node) ? schemaOfProperty(node, types, steps + 1) : undefined
}

function schemaOfParsed(call: ts.CallExpression): DescribedBy | undefined {
  return isMethodCall(call) && PARSERS.has(call.expression.name.text) && call.arguments.length === 1
    ? { schema: call.expression.expression, isSent: isOfRequest(call.arguments[0]) }
    : undefined
}

/** `request.body`, `await req.json()`, `ctx.request.query`. */
function isOfRequest(value: ts.Node | undefined): boolean {
  return (
    value !== undefined
    && /\b(?:req|request|ctx|c|event)\b[\w.()\s]*\.(?:body|query|json\(\)|formData\(\)|input)/u.test(value.getText())
  )
}

function schemaOfProperty(
  node: ts.PropertyAccessExpression,
  types: TypeQuestions,
  steps: number,
): DescribedBy | undefined {
  const declarations = types.symbol(node.name)?.declarations ?? []
  const declared = declarations.find(ts.isPropertyAssignment)
  const owner = schemaOfOwner(node.expression, node.name.text, types, steps)
  if (owner === 'itself') return schemaOfChecked(node.expression, types, steps)
  // The checker follows an inferred property to where the schema declares it.
  const field = owner ? fieldOf(owner.schema, node.name.text, types) : undefined
  if (field) return { schema: field, isSent: owner?.isSent === true }
  const typed = schemaOfType(declarations.find(isTypedMember)?.type, types, steps)
  if (typed) return { schema: typed, isSent: false }
  return declared && !isFunctionExpression(declared.initializer)
    ? { schema: declared.initializer, isSent: false }
    : undefined
}

function isTypedMember(declaration: ts.Declaration): declaration is ts.PropertySignature | ts.PropertyDeclaration {
  return ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)
}

/** The schema of what has a field; `itself` where the field is the checked value: `safeParse(…).data`. */
function schemaOfOwner(
  owner: ts.Expression,
  field: string,
  types: TypeQuestions,
  steps: number,
): DescribedBy | 'itself' | undefined {
  const node = unwrap(owner)
  if (INPUT_NAMES.has(field) && ts.isIdentifier(node)) {
    const declaration = types.localSymbol(node)?.valueDeclaration
    if (declaration && ts.isParameter(declaration) && inputsOf(declaration).length > 0) return 'itself'
  }
  if (SAFE_RESULTS.has(field) && checkedBy(node, types)) return 'itself'
  return schemaOf(node, types, steps)
}

function schemaOfChecked(owner: ts.Expression, types: TypeQuestions, steps: number): DescribedBy | undefined {
  const checked = checkedBy(unwrap(owner), types)
  if (checked) return { schema: checked.expression.expression, isSent: isOfRequest(checked.arguments[0]) }
  const node = unwrap(owner)
  const declaration = ts.isIdentifier(node) ? types.localSymbol(node)?.valueDeclaration : undefined
  const [input] = declaration && ts.isParameter(declaration) && steps < MAX_STEPS ? inputsOf(declaration) : []
  return input && { schema: input, isSent: true }
}

/** `safeParse(…)` itself, or the variable that holds what it gave. */
function checkedBy(node: ts.Expression, types: TypeQuestions): MethodCall | undefined {
  let at = node
  if (ts.isIdentifier(at)) {
    const declaration = types.localSymbol(at)?.valueDeclaration
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
    at = unwrap(declaration.initializer)
  }
  if (ts.isAwaitExpression(at)) at = unwrap(at.expression)
  return isMethodCall(at) && SAFE_PARSERS.has(at.expression.name.text) ? at : undefined
}

function schemaOfName(name: ts.Identifier, types: TypeQuestions, steps: number): DescribedBy | undefined {
  const declaration = types.localSymbol(name)?.valueDeclaration
  if (declaration === undefined) return undefined
  if (ts.isBindingElement(declaration)) return schemaOfElement(declaration, types, steps)
  if (!ts.isVariableDeclaration(declaration) && !ts.isParameter(declaration)) return undefined
  const typed = schemaOfType(declaration.type, types, steps)
  if (typed) return { schema: typed, isSent: false }
  return declaration.initializer && ts.isVariableDeclaration(declaration)
    ? schemaOf(declaration.initializer, types, steps)
    : undefined
}

/** `({ urls }: Body) => …`, `const { urls } = body.parse(given)`, `({ input: { urls } }) => …`. */
function schemaOfElement(element: ts.BindingElement, types: TypeQuestions, steps: number): DescribedBy | undefined {
  const name = (element.propertyName ?? element.name).getText()
  const pattern = element.parent
  const holder = pattern.parent
  if (steps > MAX_STEPS || !ts.isObjectBindingPattern(pattern) || element.dotDotDotToken) return undefined
  if (ts.isParameter(holder) && INPUT_NAMES.has(name)) {
    const [input] = inputsOf(holder)
    if (input) return { schema: input, isSent: true }
  }
  const owner = ts.isBindingElement(holder)
    ? schemaOfElement(holder, types, steps + 1)
    : schemaOfHolder(holder, name, types, steps)
  if (owner) {
    const field = fieldOf(owner.schema, name, types)
    return field && { schema: field, isSent: owner.isSent }
  }
  const typed = ts.isBindingElement(holder)
    ? undefined
    : schemaOfType(memberType(declaredType(holder, types), name, types), types, steps)
  return typed && { schema: typed, isSent: false }
}

/** The type that a parameter or a variable is declared with; for a variable that is another one's, that one's. */
function declaredType(
  holder: ts.VariableDeclaration | ts.ParameterDeclaration,
  types: TypeQuestions,
): ts.TypeNode | undefined {
  if (holder.type || !ts.isVariableDeclaration(holder) || !holder.initializer) return holder.type
  const from = unwrap(holder.initializer)
  const declaration = ts.isIdentifier(from) ? types.localSymbol(from)?.valueDeclaration : undefined
  return declaration && (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration))
    ? declaration.type
    : undefined
}

/** The type of a member of an interface, or of an object type written down. */
function memberType(type: ts.TypeNode | undefined, name: string, types: TypeQuestions): ts.TypeNode | undefined {
  if (type === undefined) return undefined
  const declarations =
    ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)
      ? (types.symbol(type.typeName)?.declarations ?? [])
      : [type]
  for (const declaration of declarations) {
    const shape = ts.isTypeAliasDeclaration(declaration) ? declaration.type : declaration
    if (!ts.isInterfaceDeclaration(shape) && !ts.isTypeLiteralNode(shape)) continue
    const member = shape.members.find((candidate) => candidate.name?.getText() === name)
    if (member && ts.isPropertySignature(member)) return member.type
  }
  return undefined
}

function schemaOfHolder(
  holder: ts.VariableDeclaration | ts.ParameterDeclaration,
  name: string,
  types: TypeQuestions,
  steps: number,
): DescribedBy | undefined {
  const typed = schemaOfType(holder.type, types, steps)
  if (typed) return { schema: typed, isSent: false }
  if (!ts.isVariableDeclaration(holder) || !holder.initializer) return undefined
  const owner = schemaOfOwner(holder.initializer, name, types, steps)
  return owner === 'itself' ? undefined : owner
}

/** The schemas that a procedure checks its input against: `procedure.input(body).mutation(({ input }) => …)`; the nearest first. */
function inputsOf(parameter: ts.ParameterDeclaration): ts.Expression[] {
  const fn = enclosingFunction(parameter)
  const call = fn && isFunctionExpression(fn) ? wrapperOf(fn).parent : undefined
  if (!call || !isMethodCall(call) || !HANDLERS.has(call.expression.name.text)) return []
  const inputs: ts.Expression[] = []
  for (let at = unwrap(call.expression.expression); isMethodCall(at); at = unwrap(at.expression.expression)) {
    const [schema] = at.arguments
    if (schema && INPUT_METHODS.has(at.expression.name.text)) inputs.push(schema)
  }
  return inputs
}

/** The schema that a type is inferred from, through aliases and types that keep its fields. */
function schemaOfType(type: ts.TypeNode | undefined, types: TypeQuestions, steps: number): ts.Expression | undefined {
  if (type === undefined || steps > MAX_STEPS) return undefined
  if (ts.isParenthesizedTypeNode(type)) return schemaOfType(type.type, types, steps + 1)
  if (ts.isIndexedAccessTypeNode(type)) return schemaOfIndexed(type, types, steps)
  if (ts.isIntersectionTypeNode(type))
    return type.types.map((part) => schemaOfType(part, types, steps + 1)).find((schema) => schema !== undefined)
  if (!ts.isTypeReferenceNode(type)) return undefined
  const last = ts.isQualifiedName(type.typeName) ? type.typeName.right : type.typeName
  const [argument] = type.typeArguments ?? []
  if (argument && ts.isTypeQueryNode(argument) && INFERRING.has(last.text)) return schemaNamed(argument.exprName, types)
  if (argument && KEEPING.has(last.text)) return schemaOfType(argument, types, steps + 1)
  const alias = types.symbol(last)?.declarations?.find(ts.isTypeAliasDeclaration)
  return alias && schemaOfType(alias.type, types, steps + 1)
}

function schemaOfIndexed(
  type: ts.IndexedAccessTypeNode,
  types: TypeQuestions,
  steps: number,
): ts.Expression | undefined {
  const owner = schemaOfType(type.objectType, types, steps + 1)
  const { indexType } = type
  const key =
    ts.isLiteralTypeNode(indexType) && ts.isStringLiteral(indexType.literal) ? indexType.literal.text : undefined
  return owner && key !== undefined ? fieldOf(owner, key, types) : undefined
}

function schemaNamed(name: ts.EntityName, types: TypeQuestions): ts.Expression | undefined {
  return initialiserOf(ts.isQualifiedName(name) ? name.right : name, types)
}

function initialiserOf(name: ts.Node, types: TypeQuestions): ts.Expression | undefined {
  const declaration = types.symbol(name)?.valueDeclaration
  return declaration && (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration))
    ? declaration.initializer
    : undefined
}

/** What a name of a schema stands for; any other expression stands for itself. */
export function resolvedSchema(schema: ts.Expression, types: TypeQuestions): ts.Expression {
  let at = unwrap(schema)
  for (let steps = 0; steps < MAX_STEPS && (ts.isIdentifier(at) || ts.isPropertyAccessExpression(at)); steps++) {
    const made = initialiserOf(ts.isIdentifier(at) ? at : at.name, types)
    if (made === undefined) return at
    at = unwrap(made)
  }
  return at
}

/** The schema of one field of an object's schema. */
function fieldOf(schema: ts.Expression, name: string, types: TypeQuestions, steps = 0): ts.Expression | undefined {
  const node = resolvedSchema(schema, types)
  if (steps > MAX_STEPS || !ts.isCallExpression(node)) return undefined
  const method = calleeName(node) ?? ''
  if (method === 'omit' && node.arguments.some((argument) => argument.getText().includes(name))) return undefined
  for (const argument of node.arguments.map(unwrap)) {
    const inner = isFunctionExpression(argument) && method === 'lazy' ? argument.body : argument
    const found =
      WITH_FIELDS.has(method) && ts.isObjectLiteralExpression(inner)
        ? fieldIn(inner, name, types, steps)
        : WITH_SCHEMAS.has(method) && ts.isExpression(inner)
          ? fieldOf(inner, name, types, steps + 1)
          : undefined
    if (found) return found
  }
  return isMethodCall(node) ? fieldOf(node.expression.expression, name, types, steps + 1) : undefined
}

/** A field among those written down, or of a schema that is spread there: `...base.shape`. */
function fieldIn(
  fields: ts.ObjectLiteralExpression,
  name: string,
  types: TypeQuestions,
  steps: number,
): ts.Expression | undefined {
  for (const property of fields.properties) {
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) return property.initializer
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return property.name
    const spread = ts.isSpreadAssignment(property) ? unwrap(property.expression) : undefined
    const isShape = spread && ts.isPropertyAccessExpression(spread) && spread.name.text === 'shape'
    const found = isShape ? fieldOf(spread.expression, name, types, steps + 1) : undefined
    if (found) return found
  }
  return undefined
}
