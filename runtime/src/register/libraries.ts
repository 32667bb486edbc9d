import * as nodeModule from 'node:module'
import { setEnvironmentData } from 'node:worker_threads'
import type { Recorder } from '../trace/recorder.ts'
import { recordedPLimit } from './pLimit.ts'
import { recordedPMap } from './pMap.ts'
import { recordPQueue } from './pQueue.ts'
import { type Library, libraryAt, recordedSource, withRecording } from './librarySource.ts'

/** Under this key a thread finds out that it is there for loader hooks. */
export const HOOKS = 'forkline.tracing.hooks'

/** What the code that is added to a library's module calls. */
const WRAPPERS = Symbol.for('forkline.libraries')

type Compile = (this: unknown, content: string, filename: string, ...rest: unknown[]) => unknown

interface LoadResult {
  format?: string | null | undefined
  source?: unknown
}

type NextLoad = (url: string, context?: unknown) => LoadResult

interface Hooks {
  /** Node 22.15 and later, for modules of both kinds. */
  readonly registerHooks?: (hooks: { load(url: string, context: unknown, next: NextLoad): LoadResult }) => unknown
  readonly register?: (specifier: string) => void
}

/**
 * Records p-limit, p-map and p-queue: a line at the end of their modules puts functions that record in the place of
 * their own. Nothing else is touched, and their files stay what they are.
 */
export function recordLibraries(recorder: Recorder): void {
  const wrappers: Record<Library, (value: never) => unknown> = {
    'p-limit': (value) => recordedPLimit(recorder, value),
    'p-map': (value) => recordedPMap(recorder, value),
    'p-queue': (value) => {
      recordPQueue(recorder, value)
      return value
    },
  }
  Object.defineProperty(globalThis, WRAPPERS, { value: wrappers, enumerable: false })
  const { registerHooks, register } = nodeModule as unknown as Hooks
  if (registerHooks === undefined) {
    recordCommonJs()
    // The thread of the hooks is none of the program's, and loads this file too.
    setEnvironmentData(HOOKS, true)
    register?.(new URL(import.meta.url.endsWith('.ts') ? './hooks.ts' : './hooks.mjs', import.meta.url).href)
    setEnvironmentData(HOOKS, undefined)
    return
  }
  registerHooks({
    load: (url, context, next) => {
      const result = next(url, context)
      const library = libraryAt(url)
      return library === undefined ? result : recordedSource(library, result)
    },
  })
}

/**
 * Before Node 22.15, CommonJS modules are compiled past all hooks. A method in the place of `_compile` would be seen in
 * the stacks of all modules; so `_compile` is looked up in one way for the libraries, and in another for the rest.
 */
function recordCommonJs(): void {
  const prototype = nodeModule.Module.prototype as unknown as { _compile?: Compile }
  let compile = prototype._compile
  if (typeof compile !== 'function') return
  const recorded: Compile = function (content, filename, ...rest) {
    const library = libraryAt(filename)
    const text = library === undefined ? content : withRecording(library, content, 'commonjs')
    return Reflect.apply(compile as Compile, this, [text, filename, ...rest])
  }
  Object.defineProperty(prototype, '_compile', {
    configurable: true,
    enumerable: true,
    get(this: { readonly filename?: unknown }) {
      return typeof this.filename === 'string' && libraryAt(this.filename) !== undefined ? recorded : compile
    },
    set(this: object, value: Compile) {
      if (this === prototype) compile = value
      else Object.defineProperty(this, '_compile', { value, writable: true, enumerable: true, configurable: true })
    },
  })
}
