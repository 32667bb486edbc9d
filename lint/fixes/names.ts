import type ts from 'typescript'
import type { References } from '../analysis/references.ts'

/** The first of `name`, `name2`, `name3` … that nothing in the file is called. */
export function freeName(name: string, references: References): string {
  let candidate = name
  for (let suffix = 2; references.named(candidate).length > 0; suffix++) candidate = `${name}${String(suffix)}`
  return candidate
}

/** The source text of a node, without the white space and comments before it. */
export function textOf(node: ts.Node): string {
  return node.getText()
}
