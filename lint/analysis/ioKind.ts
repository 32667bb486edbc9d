import ts from 'typescript'
import { importOrigin, knownImport, rootIdentifier } from './imports.ts'
import { CLIENT_SHAPES, GLOBAL_IO, type IoKind, knowledgeOf, type PackageKnowledge } from './knowledge.ts'
import { dottedName, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** The kind of I/O that a call itself starts, as far as names, imports and declarations tell; callees are not entered. */
export function ioKindOf(call: ts.CallExpression, types: TypeQuestions): IoKind | undefined {
  const callee = unwrap(call.expression)
  if (ts.isIdentifier(callee)) {
    const global = Object.hasOwn(GLOBAL_IO, callee.text) ? GLOBAL_IO[callee.text] : undefined
    if (global !== undefined && (types.localSymbol(callee) === undefined || types.isFromLib(callee) || isAmbient(callee, types))) return global
  }
  const dotted = dottedName(callee)
  const last = dotted?.slice(dotted.lastIndexOf('.') + 1)
  if (last?.endsWith('Sync')) return undefined

  const imported = knownImport(callee, types)
  if (imported) return ioOfExport(imported.knowledge, imported.origin.exported, ts.isIdentifier(callee) ? undefined : last)
  if (!ts.isPropertyAccessExpression(callee)) return undefined

  const client = packageOfInstance(callee.expression, types)
  if (client) return client.io?.['*'] ?? (last === undefined ? undefined : client.io?.[last])

  const receiver = dottedName(callee.expression)
  if (receiver === undefined || last === undefined) return undefined
  return CLIENT_SHAPES.find((shape) => shape.receiver.test(receiver) && shape.method.test(last))?.io
}

function isAmbient(node: ts.Identifier, types: TypeQuestions): boolean {
  return types.localSymbol(node)?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile) ?? true
}

function ioOfExport(knowledge: PackageKnowledge, exported: string, method: string | undefined): IoKind | undefined {
  const { io } = knowledge
  if (!io) return undefined
  const isNamed = exported !== 'default' && exported !== '*'
  if (isNamed && Object.hasOwn(io, exported)) return io[exported]
  if (method !== undefined && Object.hasOwn(io, method)) return io[method]
  return io['*']
}

/** The package whose class an object was made from or is declared to be: `const client = new OpenAI()`, `private client: S3Client`. */
function packageOfInstance(object: ts.Expression, types: TypeQuestions): PackageKnowledge | undefined {
  const holder = holderOf(unwrap(object))
  if (holder === undefined) return undefined
  for (const declaration of types.symbol(holder)?.declarations ?? []) {
    if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyDeclaration(declaration) && !ts.isParameter(declaration)) continue
    const known = knowledgeOfType(declaration.type, types) ?? knowledgeOfValue(declaration.initializer, types)
    if (known) return known
  }
  return undefined
}

/** The variable or field that holds the client: `openai` in `openai.chat.completions`, `client` in `this.client.files`. */
function holderOf(object: ts.Expression): ts.Identifier | ts.MemberName | undefined {
  let at = object
  for (;;) {
    if (ts.isIdentifier(at)) return at
    if (!ts.isPropertyAccessExpression(at)) return undefined
    const inner = unwrap(at.expression)
    if (inner.kind === ts.SyntaxKind.ThisKeyword) return at.name
    at = inner
  }
}

function knowledgeOfType(type: ts.TypeNode | undefined, types: TypeQuestions): PackageKnowledge | undefined {
  if (type === undefined || !ts.isTypeReferenceNode(type)) return undefined
  let name = type.typeName
  while (ts.isQualifiedName(name)) name = name.left
  return knowledgeOfName(name, types)
}

function knowledgeOfValue(value: ts.Expression | undefined, types: TypeQuestions): PackageKnowledge | undefined {
  if (value === undefined) return undefined
  let made = unwrap(value)
  if (ts.isAwaitExpression(made)) made = unwrap(made.expression)
  if (!ts.isNewExpression(made) && !ts.isCallExpression(made)) return undefined
  const root = rootIdentifier(made.expression)
  return root && knowledgeOfName(root, types)
}

function knowledgeOfName(name: ts.Identifier, types: TypeQuestions): PackageKnowledge | undefined {
  const origin = importOrigin(name, types)
  return origin && knowledgeOf(origin.specifier)
}
