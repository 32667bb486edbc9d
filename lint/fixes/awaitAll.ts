import type ts from 'typescript'
import { indentOf, styleOf } from './style.ts'

/** Promises by the names that their values get; both as the file writes them. */
export interface NamedPromise {
  readonly name: string
  readonly promise: string
}

/** `const [a, b] = await Promise.all([x, y])`, on lines of their own where one line would be longer than those of the file. */
export function awaitAll(first: ts.Statement, promises: readonly NamedPromise[], semicolon: string): string {
  const { indent, newLine, trailingComma, width } = styleOf(first.getSourceFile())
  const outer = indentOf(first)
  const head = `const [${promises.map(({ name }) => name).join(', ')}] = await Promise.all([`
  const items = promises.map(({ promise }) => promise)
  const line = `${head}${items.join(', ')}])${semicolon}`
  if (outer.length + line.length <= width || line.includes('\n')) return line
  const inner = `${newLine}${outer}${indent}`
  return `${head}${inner}${items.join(`,${inner}`)}${trailingComma}${newLine}${outer}])${semicolon}`
}
