/** A way in which platforms tell work that nobody wants it any more. */
export interface CancelProtocol {
  /** What messages say of its event. */
  readonly event: string
  /** The name of the type of what is handed on. */
  readonly type: string
  /** Members that tell a type of another name; none where only the name counts. */
  readonly members: readonly string[]
  /** Names of the properties under which options hold it. */
  readonly properties: readonly string[]
  /** What the names of such properties, and of parameters, have in common. */
  readonly holders: RegExp
  /** The class that makes one, and the property of its instances that hands it out. */
  readonly source: { readonly name: string; readonly property: string }
  /** The members that a function reads of one that has no type. */
  readonly reads: RegExp
  /** What a parameter without a type is called. */
  readonly names: RegExp
  /**
   * Functions whose callback is given one, as which of its arguments, and what their options then say; by name, since their
   * package may not be installed.
   */
  readonly givers: Readonly<Record<string, { readonly index: number; readonly options: RegExp }>>
}

/** The signals of the web platform and of Node. */
export const SIGNALS: CancelProtocol = {
  event: 'aborts',
  type: 'AbortSignal',
  members: [],
  properties: ['signal', 'abortSignal', 'abort_signal', 'cancelSignal'],
  holders: /signal/iu,
  source: { name: 'AbortController', property: 'signal' },
  reads: /^(?:aborted|throwIfAborted|reason)$/u,
  names: /^(?:abortS|s)ignal$/u,
  givers: {},
}

/** The tokens of VS Code, of the language server protocol, and of what is written like them. */
export const TOKENS: CancelProtocol = {
  event: 'is cancelled',
  type: 'CancellationToken',
  members: ['isCancellationRequested', 'onCancellationRequested'],
  properties: ['token', 'cancellationToken', 'cancelToken', 'cancellation'],
  holders: /token|cancel/iu,
  source: { name: 'CancellationTokenSource', property: 'token' },
  reads: /^(?:isCancellationRequested|onCancellationRequested)$/u,
  names: /^(?:t|cancel(?:lation)?T)oken$/u,
  givers: { withProgress: { index: 1, options: /\bcancellable:\s*true\b/u } },
}
