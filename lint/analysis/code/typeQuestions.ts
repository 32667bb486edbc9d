import ts from 'typescript'
import { isCalledAsync } from './calledDeclarations.ts'
import { KNOWN_ROLES, type PackageRoles } from '../knowledge/packageRoles.ts'
import { importedPackages } from './programImports.ts'
import { SignalTypes } from './signalTypes.ts'
import { sturdy } from './sturdyChecker.ts'
import { calleeName, type FunctionNode, isAsync, isFunctionNode, isMethodCall, unwrap } from './syntax.ts'
import {
  holds,
  isAlsoDeclared,
  isNamedLikeArrayMethod,
  isNamedLikeCollection,
  isAsyncSignature,
  isOfFixedLength,
  isSettled,
  join,
  startOfChain,
} from './typeShapes.ts'

/** How surely a value is a promise. `unknown` stands for `any`: a package without types, most often. */
export type Thenable = 'always' | 'sometimes' | 'never' | 'unknown'

/** Wrappers whose result runs the function they were given, as it is. */
const KEEPS_FUNCTION = new Set(['useCallback', 'useEffectEvent', 'useEvent', 'useMemoizedFn'])

/**
 * All that the analysis asks of the type checker, so that another checker can answer one day.
 * Each question costs; ask only where the syntax leaves a doubt.
 */
export class TypeQuestions {
  /** The checker walks all scopes each time it is asked for a name; many facts ask about the same one. */
  readonly #names = new Map<ts.Identifier, ts.Symbol | undefined>()
  readonly #targets = new Map<ts.Node, ts.Symbol | undefined>()
  readonly #checker: ts.TypeChecker
  readonly #program: ts.Program

  /** What is known of the packages that names come from. */
  readonly knowledge: PackageRoles
  /** What is asked of signals, and of tokens. */
  readonly signals: SignalTypes
  #runs: ReadonlySet<string> | undefined
  #files: readonly ts.SourceFile[] | undefined

  constructor(program: ts.Program, knowledge: PackageRoles = KNOWN_ROLES) {
    this.knowledge = knowledge
    this.#program = program
    this.#checker = sturdy(program.getTypeChecker())
    const isExact = program.getCompilerOptions().exactOptionalPropertyTypes === true
    this.signals = new SignalTypes(this.#checker, isExact, (node) => this.symbol(node))
  }

  /** How limiters of the packages that the program imports are given work: the names of methods; '' is a call of the limiter. */
  get limiterRuns(): ReadonlySet<string> {
    return (this.#runs ??= new Set(
      [...importedPackages(this.#program)].flatMap((specifier) => this.knowledge.of(specifier)?.runs ?? []),
    ))
  }

  /** The files of the program that hold code. */
  get files(): readonly ts.SourceFile[] {
    return (this.#files ??= this.#program.getSourceFiles().filter((file) => !file.isDeclarationFile))
  }

  /** Whether an expression's value is a promise or another object with a callable `then`. */
  thenable(node: ts.Expression): Thenable {
    const declared = ts.isCallExpression(node) ? this.#declaredThenable(node.expression) : undefined
    return declared ?? this.#thenable(this.#checker.getTypeAtLocation(node))
  }

  /** Whether calling this function value gives a promise. */
  returnsThenable(node: ts.Node): Thenable {
    const type = this.#checker.getTypeAtLocation(node)
    if (type.flags & ts.TypeFlags.Any) return 'unknown'
    const signatures = type.getCallSignatures()
    if (signatures.length === 0) return 'never'
    return join(signatures.map((signature) => this.#resultOf(signature)))
  }

  /** Whether the promise that a function value gives brings an array. */
  resolvesToArray(node: ts.Expression): boolean {
    const [signature] = this.#checker.getTypeAtLocation(node).getCallSignatures()
    const brought = signature && this.#checker.getAwaitedType(signature.getReturnType())
    return brought !== undefined && (this.#checker.isArrayType(brought) || this.#checker.isTupleType(brought))
  }

  /** Whether a value is an array (or tuple) whose elements are surely promises. */
  isPromiseArray(node: ts.Expression): boolean {
    if (this.#mapsToPromises(node)) return true
    if (ts.isCallExpression(node) && this.#declaredThenable(node.expression) === 'always') return false
    const element = this.#elementType(this.#checker.getTypeAtLocation(node))
    return element !== undefined && this.#thenable(element) === 'always'
  }

  /** `items.map((item) => store.put(item))`: what the callback gives tells, and needs no inference of the call around it. */
  #mapsToPromises(node: ts.Expression): boolean {
    if (!isMethodCall(node, 'map')) return false
    const callback = node.arguments[0] && unwrap(node.arguments[0])
    if (callback === undefined || !ts.isArrowFunction(callback) || !this.isArray(node.expression.expression))
      return false
    if (isAsync(callback)) return true
    const result = ts.isBlock(callback.body) ? undefined : unwrap(callback.body)
    return result !== undefined && ts.isCallExpression(result) && this.#declaredThenable(result.expression) === 'always'
  }

  /** Whether a call gives such an array, as all declarations of its function say; the arguments are not looked at. */
  givesPromiseArray(call: ts.CallExpression): boolean {
    const signatures = this.#checker
      .getNonNullableType(this.#checker.getTypeAtLocation(call.expression))
      .getCallSignatures()
    return (
      signatures.length > 0
      && signatures.every((signature) => {
        if (isAsyncSignature(signature)) return false
        const element = this.#elementType(signature.getReturnType())
        return element !== undefined && this.#thenable(element) === 'always'
      })
    )
  }

  /** Whether a value is an array of such arrays. */
  isArrayOfPromiseArrays(node: ts.Expression): boolean {
    const row = this.#elementType(this.#checker.getTypeAtLocation(node))
    const element = row && this.#elementType(row)
    return element !== undefined && this.#thenable(element) === 'always'
  }

  /** Whether a value is one of the language's own collections, whose methods ignore what a callback returns. */
  isBuiltinCollection(node: ts.Expression): boolean {
    return this.#everyConstituent(node, (type) => {
      if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) return true
      const name = type.getSymbol()?.name
      return name !== undefined && isNamedLikeCollection(name) && this.#isFromLib(type.getSymbol())
    })
  }

  isArray(node: ts.Expression): boolean {
    return this.#everyConstituent(node, (type) => this.#checker.isArrayType(type) || this.#checker.isTupleType(type))
  }

  /** Whether this is a method of the language's own arrays that ignores, or hands on, what its callback gives. */
  isArrayMethod(callee: ts.Expression): boolean {
    if (!isNamedLikeArrayMethod(callee)) return false
    const isFromLib = (node: ts.Node): boolean => this.#program.isSourceFileDefaultLibrary(node.getSourceFile())
    return this.#everyConstituent(
      callee.expression,
      (type) => this.#checker.isArrayType(type) && !isAlsoDeclared(type, callee.name.text, isFromLib),
    )
  }

  /** Whether a value is a tuple of fixed length. */
  isFixedTuple(node: ts.Expression): boolean {
    return this.#everyConstituent(node, (type) => this.#checker.isTupleType(type) && isOfFixedLength(type))
  }

  /** Whether the type of the value is `any` or `unknown`, most often because a package is not installed. */
  isUntyped(node: ts.Node): boolean {
    return (this.#checker.getTypeAtLocation(node).flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0
  }

  /** Whether all that a chain of calls and properties holds is, because it begins with a name that is: no argument is looked at. */
  isUntypedChain(node: ts.Expression): boolean {
    const start = startOfChain(node)
    return start !== undefined && !this.#isDeclaredWithType(start) && this.isUntyped(start)
  }

  /** Whether a name is of a type wherever it is spoken of: what it is narrowed to in one place need not be found out. */
  #isDeclaredWithType(name: ts.Identifier): boolean {
    const symbol = this.symbol(name)
    if (symbol === undefined || !(symbol.flags & ts.SymbolFlags.Value)) return false
    return !(this.#checker.getTypeOfSymbol(symbol).flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown))
  }

  /** Whether the place where a callback stands says that its result may be a promise, or even that it must be one. */
  expectsPromise(callback: ts.Expression, must = false): boolean {
    if (isMethodCall(callback.parent, 'forEach') && this.isArrayMethod(callback.parent.expression)) return false
    const signatures = this.#checker.getContextualType(callback)?.getCallSignatures() ?? []
    const fitting: readonly Thenable[] = must ? ['always'] : ['always', 'sometimes']
    return signatures.some((signature) => fitting.includes(this.#resultOf(signature)))
  }

  isNumberOrString(node: ts.Expression): boolean {
    const type = this.#checker.getTypeAtLocation(node)
    return (type.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.StringLike)) !== 0
  }

  /** Whether a value has one of these methods, whatever else it may be; `undefined` and `null` beside it do not count. */
  hasMethod(node: ts.Expression, names: readonly string[]): boolean {
    const type = this.#checker.getApparentType(this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(node)))
    return names.some((name) => {
      const property = type.getProperty(name)
      return (
        property !== undefined && this.#checker.getTypeOfSymbolAtLocation(property, node).getCallSignatures().length > 0
      )
    })
  }

  /** The type name that a value was declared with, such as `Map` or `OpenAI`. */
  typeName(node: ts.Node): string | undefined {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(node))
    return (type.aliasSymbol ?? type.getSymbol())?.name
  }

  /** What a name or property access stands for, imports followed to their source. */
  symbol(node: ts.Node): ts.Symbol | undefined {
    if (this.#targets.has(node)) return this.#targets.get(node)
    const symbol = this.#symbol(node)
    this.#targets.set(node, symbol)
    return symbol
  }

  #symbol(node: ts.Node): ts.Symbol | undefined {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node)
    if (symbol === undefined || !(symbol.flags & ts.SymbolFlags.Alias)) return symbol
    const target = this.#checker.getAliasedSymbol(symbol)
    return (target.declarations?.length ?? 0) > 0 ? target : symbol
  }

  /** What a name stands for in this file: for an import, the import itself. */
  localSymbol(node: ts.Identifier): ts.Symbol | undefined {
    if (this.#names.has(node)) return this.#names.get(node)
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node)
    this.#names.set(node, symbol)
    return symbol
  }

  /** The function that an expression surely stands for, with a body to look into; overloads give their implementation. */
  functionOf(node: ts.Expression): FunctionNode | undefined {
    const inner = unwrap(node)
    if (isFunctionNode(inner)) return inner
    const name = ts.isPropertyAccessExpression(inner) ? inner.name : inner
    if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined
    for (const declaration of this.symbol(name)?.declarations ?? []) {
      if (isFunctionNode(declaration) && declaration.body !== undefined) return declaration
      if (
        (ts.isVariableDeclaration(declaration)
          || ts.isPropertyDeclaration(declaration)
          || ts.isPropertyAssignment(declaration))
        && declaration.initializer !== undefined
      ) {
        const value = unwrap(declaration.initializer)
        const constant =
          !ts.isVariableDeclaration(declaration) || (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
        if (!constant) continue
        const kept =
          ts.isCallExpression(value) && KEEPS_FUNCTION.has(calleeName(value) ?? '') ? value.arguments[0] : undefined
        const fn = kept ? unwrap(kept) : value
        if (isFunctionNode(fn)) return fn
      }
    }
    return undefined
  }

  /** The type of a value, or of one of its properties, for `fits`. */
  typeOf(node: ts.Node, property?: string): ts.Type | undefined {
    const type = this.#checker.getTypeAtLocation(node)
    if (property === undefined) return type
    const symbol = this.#checker.getNonNullableType(type).getProperty(property)
    return symbol && this.#checker.getTypeOfSymbol(symbol)
  }

  /** Whether a value of one type, or `undefined` beside it, may stand where another is expected. */
  fits(value: ts.Type, orUndefined: boolean, place: ts.Type): boolean {
    const fits = (type: ts.Type): boolean => this.#checker.isTypeAssignableTo(type, place)
    return fits(value) && (!orUndefined || fits(this.#checker.getUndefinedType()))
  }

  /** Whether the program's options let `await` stand at the top of a module. */
  awaitsAtTop(): boolean {
    const { module = ts.ModuleKind.ESNext, target = ts.ScriptTarget.ESNext } = this.#program.getCompilerOptions()
    return target >= ts.ScriptTarget.ES2017 && module >= ts.ModuleKind.ES2022
  }

  /** Whether the program's options have plain scripts checked, so that a variable of no type may be an error there. */
  checksScripts(): boolean {
    return this.#program.getCompilerOptions().checkJs === true
  }

  /** Whether a value may be `undefined` or `null`. */
  mayBeMissing(type: ts.Type): boolean {
    return this.#checker.getNonNullableType(type) !== type
  }

  /** Whether a declaration comes from TypeScript's own library files. */
  isFromLib(node: ts.Node): boolean {
    return this.#isFromLib(this.symbol(node))
  }

  /** What all declarations of a function agree on: then nobody need check the arguments of the call, which costs most. */
  #declaredThenable(callee: ts.Expression): Thenable | undefined {
    if (callee.kind === ts.SyntaxKind.SuperKeyword || callee.kind === ts.SyntaxKind.ImportKeyword) return undefined
    if (this.isUntypedChain(callee)) return 'unknown'
    if (isCalledAsync(callee, this)) return 'always'
    if (this.isArrayMethod(callee)) return 'never'
    const signatures = this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(callee)).getCallSignatures()
    const isOpen = (signature: ts.Signature): boolean =>
      signature.typeParameters !== undefined && !isAsyncSignature(signature) && !isSettled(signature.getReturnType())
    if (signatures.some(isOpen)) return undefined
    const [result, ...others] = new Set(signatures.map((signature) => this.#resultOf(signature)))
    return others.length > 0 || result === 'unknown' ? undefined : result
  }

  #resultOf(signature: ts.Signature): Thenable {
    return isAsyncSignature(signature) ? 'always' : this.#thenable(signature.getReturnType())
  }

  #thenable(type: ts.Type): Thenable {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'unknown'
    if (type.isUnion()) {
      // `undefined` beside a promise (`f?.()`) leaves a promise to wait for; `void | Promise<void>` says something
      // else: that implementations may be synchronous.
      const present = type.types.filter((member) => !(member.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)))
      return join(present.map((member) => this.#thenable(member)))
    }
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection | ts.TypeFlags.TypeParameter))) return 'never'
    const then = this.#checker.getApparentType(type).getProperty('then')
    if (then === undefined) return 'never'
    const signatures = this.#checker.getTypeOfSymbol(then).getCallSignatures()
    return signatures.length > 0 ? 'always' : 'never'
  }

  #elementType(type: ts.Type): ts.Type | undefined {
    const target = this.#checker.getNonNullableType(type)
    if (!this.#checker.isArrayType(target) && !this.#checker.isTupleType(target)) return undefined
    return this.#checker.getIndexTypeOfType(target, ts.IndexKind.Number)
  }

  #everyConstituent(node: ts.Expression, test: (type: ts.Type) => boolean): boolean {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(node))
    const apparent = type.flags & ts.TypeFlags.TypeParameter ? this.#checker.getApparentType(type) : type
    if (apparent.flags & (ts.TypeFlags.Any | ts.TypeFlags.Never)) return false
    return apparent.isUnion() ? apparent.types.every((member) => holds(member, test)) : holds(apparent, test)
  }

  #isFromLib(symbol: ts.Symbol | undefined): boolean {
    return (
      symbol?.declarations?.some((declaration) => this.#program.isSourceFileDefaultLibrary(declaration.getSourceFile()))
      ?? false
    )
  }
}
