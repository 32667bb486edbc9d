import ts from 'typescript'
import { importOrigin, knownImport, rootIdentifier } from './imports.ts'
import { BUILTIN_METHODS, CLIENT_SHAPES, GLOBAL_IO, type IoKind, LOCAL_URLS } from '../knowledge/names.ts'
import type { PackageKnowledge } from '../knowledge/packages/model.ts'
import {
  calleeName,
  dottedName,
  enclosingFunction,
  forEachOwnNode,
  isMethodCall,
  someOwnNode,
  unwrap,
} from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** `run = promisify(exec)`, and perhaps one more name for that. */
const MAX_ALIASES = 3

const LOCAL_SCHEMES = /^(?:blob|data):/u

/** The kind of I/O that a call itself starts, as far as names, imports and declarations tell; callees are not entered. */
export function ioKindOf(call: ts.CallExpression, types: TypeQuestions): IoKind | undefined {
  const kind = kindOfCallee(unwrap(call.expression), types)
  return kind === 'memory' || (kind === 'network' && readsLocalUrl(call)) ? undefined : kind
}

/** ``fetch(`data:${type};base64,${content}`)``, `fetch(blobUrl)`, and `fetch(url)` where the function has made sure that `url` starts with `blob:` or `data:`. */
function readsLocalUrl(call: ts.CallExpression): boolean {
  const [first] = call.arguments
  const written = first && unwrap(first)
  if (written === undefined) return false
  const head = ts.isTemplateExpression(written) ? written.head : written
  if ('text' in head && !ts.isIdentifier(head) && LOCAL_SCHEMES.test(head.text)) return true
  const url = dottedName(written)
  if (url === undefined) return false
  if (LOCAL_URLS.test(url.slice(url.lastIndexOf('.') + 1))) return true
  const fn = enclosingFunction(call)
  const holder = fn?.name ?? (fn && ts.isVariableDeclaration(fn.parent) ? fn.parent.name : undefined)
  if (fn === undefined || LOCAL_URLS.test(holder?.getText() ?? '')) return fn !== undefined
  return someOwnNode(fn, (node) => {
    if (node.pos >= call.pos || !isMethodCall(node, 'startsWith') || dottedName(node.expression.expression) !== url)
      return false
    const prefix = node.arguments[0]
    return prefix !== undefined && ts.isStringLiteralLike(prefix) && LOCAL_SCHEMES.test(prefix.text)
  })
}

function kindOfCallee(callee: ts.Expression, types: TypeQuestions, depth = 0): IoKind | undefined {
  if (ts.isIdentifier(callee)) {
    const global = Object.hasOwn(GLOBAL_IO, callee.text) ? GLOBAL_IO[callee.text] : undefined
    if (
      global !== undefined
      && (types.localSymbol(callee) === undefined || types.isFromLib(callee) || isAmbient(callee, types))
    )
      return global
  }
  const dotted = dottedName(callee)
  const last =
    dotted?.slice(dotted.lastIndexOf('.') + 1) ?? (ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined)
  if (last === 'sync' || last?.endsWith('Sync')) return undefined

  const imported = knownImport(callee, types)
  if (imported)
    return ioOfExport(imported.knowledge, imported.origin.exported, ts.isIdentifier(callee) ? undefined : last)
  if (ts.isIdentifier(callee)) return depth < MAX_ALIASES ? kindOfAlias(callee, types, depth) : undefined
  if (!ts.isPropertyAccessExpression(callee)) return undefined

  const client = packageOfInstance(callee.expression, types)
  if (client) return ioOfMethod(client, last)

  const receiver = dottedName(callee.expression)
  if (receiver === undefined || last === undefined) return undefined
  const shape = CLIENT_SHAPES.find((one) => one.receiver.test(receiver) && one.method.test(last))
  return shape?.foreign && isOfProgram(callee.name, types) ? undefined : shape?.io
}

/** Whether code of the program declares a member, so that it can be asked what it does. */
function isOfProgram(member: ts.MemberName, types: TypeQuestions): boolean {
  return (
    types.symbol(member)?.declarations?.some((declaration) => !declaration.getSourceFile().isDeclarationFile) ?? false
  )
}

function isAmbient(node: ts.Identifier, types: TypeQuestions): boolean {
  return (
    types.localSymbol(node)?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile) ?? true
  )
}

function ioOfExport(knowledge: PackageKnowledge, exported: string, method: string | undefined): IoKind | undefined {
  const { io } = knowledge
  if (!io) return undefined
  if (method !== undefined && Object.hasOwn(io, method)) return io[method]
  const isNamed = exported !== 'default' && exported !== '*'
  if (isNamed && Object.hasOwn(io, exported)) return io[exported]
  return io['*']
}

function ioOfMethod({ io }: PackageKnowledge, method: string | undefined): IoKind | undefined {
  if (method !== undefined && io && Object.hasOwn(io, method)) return io[method]
  // What a package calls its types may well be lists and texts: their own methods reach nothing.
  return method !== undefined && BUILTIN_METHODS.has(method) ? undefined : io?.['*']
}

/** Another name for a function that is known: `const run = promisify(exec)`, `const get = axios.get.bind(axios)`. */
function kindOfAlias(name: ts.Identifier, types: TypeQuestions, depth: number): IoKind | undefined {
  for (const declaration of types.symbol(name)?.declarations ?? []) {
    if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name) || !declaration.initializer)
      continue
    const original = originalOf(unwrap(declaration.initializer))
    const kind = original && kindOfCallee(original, types, depth + 1)
    if (kind) return kind
  }
  return undefined
}

const WRAPPING = new Set(['promisify', 'bind', 'pify', 'callbackify'])

function originalOf(value: ts.Expression): ts.Expression | undefined {
  if (ts.isPropertyAccessExpression(value)) return value
  if (!ts.isCallExpression(value) || !WRAPPING.has(calleeName(value) ?? '')) return undefined
  const isBound = calleeName(value) === 'bind' && ts.isPropertyAccessExpression(value.expression)
  const original = isBound ? value.expression.expression : value.arguments[0]
  return original && unwrap(original)
}

/** The package whose class an object was made from or is declared to be: `const client = new OpenAI()`, `private client: S3Client`. */
export function packageOfInstance(object: ts.Expression, types: TypeQuestions): PackageKnowledge | undefined {
  const holder = holderOf(unwrap(object))
  if (holder === undefined) return undefined
  if (ts.isCallExpression(holder)) return knowledgeOfResult(holder, types)
  for (const declaration of types.symbol(holder)?.declarations ?? []) {
    if (ts.isGetAccessorDeclaration(declaration))
      return knowledgeOfType(declaration.type, types) ?? knowledgeOfMade(declaration, types)
    if (
      !ts.isVariableDeclaration(declaration)
      && !ts.isPropertyDeclaration(declaration)
      && !ts.isParameter(declaration)
    )
      continue
    const known = knowledgeOfType(declaration.type, types) ?? knowledgeOfValue(declaration.initializer, types)
    if (known) return known
    if (ts.isPropertyDeclaration(declaration)) return knowledgeOfAssigned(declaration, types)
  }
  return undefined
}

/** `get client() { return this.#client ??= new Octokit() }`: what a getter makes is what it gives. */
function knowledgeOfMade({ body }: ts.GetAccessorDeclaration, types: TypeQuestions): PackageKnowledge | undefined {
  let known: PackageKnowledge | undefined
  if (body)
    forEachOwnNode(body, (node) => {
      if (ts.isNewExpression(node)) known ??= knowledgeOfValue(node, types)
    })
  return known
}

/** The variable, field or call that gives the client: `openai` in `openai.chat.completions`, `getClient()` in `getClient().files`. */
function holderOf(object: ts.Expression): ts.Identifier | ts.MemberName | ts.CallExpression | undefined {
  let at = object
  for (;;) {
    if (ts.isAwaitExpression(at)) at = unwrap(at.expression)
    if (ts.isIdentifier(at) || ts.isCallExpression(at)) return at
    if (!ts.isPropertyAccessExpression(at)) return undefined
    const inner = unwrap(at.expression)
    if (inner.kind === ts.SyntaxKind.ThisKeyword) return at.name
    at = inner
  }
}

/** `getClient()`, by what the function says or shows that it returns. */
function knowledgeOfResult(
  call: ts.CallExpression,
  types: TypeQuestions,
  ofReturned = knowledgeOfValue,
): PackageKnowledge | undefined {
  const fn = types.functionOf(call.expression)
  if (fn === undefined) return undefined
  const declared = knowledgeOfType(fn.type, types)
  if (declared || !fn.body) return declared
  if (!ts.isBlock(fn.body)) return ofReturned(fn.body, types)
  let known: PackageKnowledge | undefined
  forEachOwnNode(fn.body, (node) => {
    if (ts.isReturnStatement(node)) known ??= ofReturned(node.expression, types)
  })
  return known
}

/** `this.client = new S3Client(…)` in the constructor of the class whose field has no type of its own. */
function knowledgeOfAssigned(field: ts.PropertyDeclaration, types: TypeQuestions): PackageKnowledge | undefined {
  const constructor = ts.isClassLike(field.parent) ? field.parent.members.find(ts.isConstructorDeclaration) : undefined
  const name = `this.${field.name.getText()}`
  let known: PackageKnowledge | undefined
  if (constructor?.body) {
    forEachOwnNode(constructor.body, (node) => {
      if (
        ts.isBinaryExpression(node)
        && node.operatorToken.kind === ts.SyntaxKind.EqualsToken
        && node.left.getText() === name
      ) {
        known ??= knowledgeOfValue(node.right, types)
      }
    })
  }
  return known
}

function knowledgeOfType(type: ts.TypeNode | undefined, types: TypeQuestions): PackageKnowledge | undefined {
  if (type === undefined) return undefined
  if (ts.isUnionTypeNode(type)) {
    for (const member of type.types) {
      const known = knowledgeOfType(member, types)
      if (known) return known
    }
    return undefined
  }
  if (!ts.isTypeReferenceNode(type)) return undefined
  if (type.typeName.getText() === 'Promise') return knowledgeOfType(type.typeArguments?.[0], types)
  let name = type.typeName
  while (ts.isQualifiedName(name)) name = name.left
  return knowledgeOfName(name, types)
}

function knowledgeOfValue(value: ts.Expression | undefined, types: TypeQuestions): PackageKnowledge | undefined {
  if (value === undefined) return undefined
  let made = unwrap(value)
  if (ts.isAwaitExpression(made)) made = unwrap(made.expression)
  if (ts.isBinaryExpression(made)) return knowledgeOfValue(made.left, types) ?? knowledgeOfValue(made.right, types)
  if (!ts.isNewExpression(made) && !ts.isCallExpression(made)) return undefined
  const root = rootIdentifier(made.expression)
  const known = root && knowledgeOfName(root, types)
  return known ?? (ts.isCallExpression(made) ? knowledgeOfResult(made, types, knowledgeOfClient) : undefined)
}

/** A client that is made or kept here, and perhaps made when it is first wanted: what one is asked for is none. */
function knowledgeOfClient(value: ts.Expression | undefined, types: TypeQuestions): PackageKnowledge | undefined {
  const made = value && unwrap(value)
  if (made === undefined) return undefined
  if (ts.isNewExpression(made)) return knowledgeOfValue(made, types)
  if (ts.isBinaryExpression(made)) return knowledgeOfClient(made.left, types) ?? knowledgeOfClient(made.right, types)
  const name = ts.isPropertyAccessExpression(made) ? made.name : made
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined
  for (const declaration of types.symbol(name)?.declarations ?? []) {
    const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)
    const known = isHolder ? knowledgeOfType(declaration.type, types) : undefined
    if (known) return known
  }
  return undefined
}

function knowledgeOfName(name: ts.Identifier, types: TypeQuestions): PackageKnowledge | undefined {
  const origin = importOrigin(name, types)
  return origin && types.knowledge.of(origin.specifier)
}
