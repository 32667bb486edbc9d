export type Library = 'p-limit' | 'p-map' | 'p-queue'

/** Folder and file of a library's main module, wherever it is installed or checked out. */
const MAIN_MODULE = /[\\/](p-limit|p-map|p-queue)[\\/](?:(?:dist|source)[\\/])?index\.[cm]?[jt]s(?:[?#].*)?$/u

/** The functions that are recorded, by what their modules call them. */
const FUNCTIONS =
  /^export (?:default )?(?:async )?function (pLimit|pMap|pMapSettled|pMapKeyed|pMapSettledKeyed|pMapIterable)\b/gmu

const CLASS = /^export default class (PQueue)\b/gmu

/** How the added line finds what wraps. */
const MARK = "Symbol.for('forkline.libraries')"

/** Which library a module is, by its path or URL. */
export function libraryAt(path: string): Library | undefined {
  return MAIN_MODULE.exec(path)?.[1] as Library | undefined
}

/** The text of a library's main module with a line at its end that has it recorded. */
export function withRecording(library: Library, text: string, kind: 'module' | 'commonjs'): string {
  // More than one hook may be at work, as each thread brings its own.
  if (text.includes(MARK)) return text
  const wrapper = `globalThis[${MARK}]?.['${library}']`
  if (kind === 'commonjs') {
    // What it exports, or the default of what was a module before it was compiled.
    return (
      `${text}\n;{const w=${wrapper};if(w)if(typeof module.exports==='function'){const o=module.exports;`
      + 'module.exports=w(o);if(module.exports!==o&&o.default===o)module.exports.default=module.exports}'
      + 'else if(module.exports.default)w(module.exports.default)}'
    )
  }
  // A declared function or class may be assigned to, and those who imported it see it.
  const names = [...text.matchAll(FUNCTIONS), ...text.matchAll(CLASS)].map(([, name]) => name)
  return `${text}\n${names.map((name) => `;{const w=${wrapper};if(w)${name ?? ''}=w(${name ?? ''})}`).join('')}`
}

/** What a loader of modules gives, with the line added where it gives the module's text. */
export function recordedSource<R extends { readonly format?: string | null | undefined; readonly source?: unknown }>(
  library: Library,
  result: R,
): R {
  const { format, source } = result
  if (source === undefined || source === null) return result
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source as Uint8Array)
  // Node may leave it open, and decide by the syntax.
  const isModule = typeof format === 'string' ? format.startsWith('module') : /^export /mu.test(text)
  return { ...result, source: withRecording(library, text, isModule ? 'module' : 'commonjs') }
}
