import ts from 'typescript'
import { type CancelProtocol, SIGNALS } from '../knowledge/cancelProtocols.ts'
import { isCalledSignal, isSignalType, type SignalSlot, type TypedSlot, writtenSignal } from './typeShapes.ts'

/** What the analysis asks of the type checker about what calls work off: signals, and the tokens of other protocols. */
export class SignalTypes {
  readonly #checker: ts.TypeChecker
  readonly #isExact: boolean
  readonly #symbol: (node: ts.Node) => ts.Symbol | undefined

  /**
   * @param checker Of the program.
   * @param isExact Whether the program has `exactOptionalPropertyTypes`.
   * @param symbol What a name stands for, imports followed to their source.
   */
  constructor(checker: ts.TypeChecker, isExact: boolean, symbol: (node: ts.Node) => ts.Symbol | undefined) {
    this.#checker = checker
    this.#isExact = isExact
    this.#symbol = symbol
  }

  /** Whether a value is a signal, or a token. */
  isSignal(node: ts.Node, protocol: CancelProtocol = SIGNALS): boolean {
    const type = this.#checker.getTypeAtLocation(node)
    return this.#isSignalOf(type, () => this.#symbol(node), protocol)
  }

  /** Where a call could take a signal, by its function's declaration: in any overload. */
  slotsOf(call: ts.CallExpression, protocol: CancelProtocol = SIGNALS): readonly TypedSlot[] {
    const slots: TypedSlot[] = []
    for (const signature of this.#checker.getTypeAtLocation(call.expression).getCallSignatures()) {
      const parameters = signature.getParameters()
      let optionalFrom = 0
      for (const [index, parameter] of parameters.entries()) {
        // An underscore says that the function does not look at it.
        const isRead = !parameter.name.startsWith('_')
        const type = this.#checker.getTypeOfSymbolAtLocation(parameter, call)
        if (isRead && this.#isSignalOf(type, () => parameter, protocol))
          slots.push({ slot: { kind: 'parameter', index }, optionalFrom, type })
        else if (isRead) {
          const property = this.#property(type, protocol) ?? this.#written(parameter, type, protocol)
          // A required signal is always given: by an object made for it, or by a `Request`, which brings its own.
          if (property && property.flags & ts.SymbolFlags.Optional) {
            const slot: SignalSlot = { kind: 'option', index, property: property.name }
            slots.push({ slot, optionalFrom, type: this.#typeToWrite(property) })
          }
        }
        const written = parameter.valueDeclaration
        const optional = written && ts.isParameter(written) && this.#checker.isOptionalParameter(written)
        if (optional !== true) optionalFrom = index + 1
      }
    }
    return slots
  }

  /** The name of the property of an object that holds a signal. */
  propertyOf(node: ts.Node, protocol: CancelProtocol = SIGNALS): string | undefined {
    return this.#property(this.#checker.getTypeAtLocation(node), protocol)?.name
  }

  /** What an optional property takes: with `exactOptionalPropertyTypes`, `undefined` only where its declaration says so. */
  #typeToWrite(property: ts.Symbol): ts.Type {
    const type = this.#checker.getTypeOfSymbol(property)
    const { valueDeclaration } = property
    const declared =
      valueDeclaration && ts.isPropertySignature(valueDeclaration) ? valueDeclaration.type?.getText() : undefined
    const takesNone = this.#isExact && declared?.includes('undefined') !== true
    return takesNone ? this.#checker.getNonNullableType(type) : type
  }

  #property(type: ts.Type, protocol: CancelProtocol): ts.Symbol | undefined {
    const target = this.#checker.getNonNullableType(type)
    const constituents = target.isUnion() ? target.types : [target]
    for (const constituent of constituents) {
      if (
        !(constituent.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
        || isSignalType(constituent, protocol)
      )
        continue
      for (const name of protocol.properties) {
        const property = constituent.getProperty(name)
        if (property && this.#isSignalOf(this.#checker.getTypeOfSymbol(property), () => property, protocol))
          return property
      }
    }
    return undefined
  }

  #written(parameter: ts.Symbol, type: ts.Type, protocol: CancelProtocol): ts.Symbol | undefined {
    const { valueDeclaration: written } = parameter
    if (!(type.flags & ts.TypeFlags.Any) || !written || !ts.isParameter(written) || !written.type) return undefined
    const member = writtenSignal(written.type, protocol, (name) => this.#symbol(name)?.declarations ?? [])
    return member && this.#symbol(member.name)
  }

  #isSignalOf(type: ts.Type, symbol: () => ts.Symbol | undefined, protocol: CancelProtocol): boolean {
    if ((type.flags & ts.TypeFlags.Any) !== 0) return isCalledSignal(symbol(), protocol.type)
    return isSignalType(this.#checker.getNonNullableType(type), protocol)
  }
}
