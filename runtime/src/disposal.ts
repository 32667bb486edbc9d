/// <reference lib="esnext.disposable" preserve="true" />

/**
 * The symbols of explicit resource management. Early releases of Node 20 and some browsers lack them; the
 * registered symbols that stand in are those that esbuild's lowering of `using` looks up as well.
 */
const known: { readonly dispose?: symbol; readonly asyncDispose?: symbol } = Symbol

export const dispose: typeof Symbol.dispose = (known.dispose ?? Symbol.for('Symbol.dispose')) as never
export const asyncDispose: typeof Symbol.asyncDispose = (known.asyncDispose
  ?? Symbol.for('Symbol.asyncDispose')) as never
