import ts from 'typescript'
import type { References } from '../analysis/code/references.ts'
import type { TextEdit } from '../model.ts'

/** The first of `name`, `name2`, `name3` … that no variable, function, class or type in the file is called. */
export function freeName(name: string, references: References): string {
  let candidate = name
  const isTaken = (): boolean => references.named(candidate).some((use) => !isMemberName(use))
  for (let suffix = 2; isTaken(); suffix++) candidate = `${name}${String(suffix)}`
  return candidate
}

/**
 * An edit that changes no text, for a fix that declares a name beside a statement. A free name is free in the file as it is;
 * two fixes of one pass could bring the same into one scope. With this, both reach to the end of the scope: one of them waits.
 */
export function holdScope({ parent }: ts.Statement): TextEdit {
  const scope = ts.isCaseOrDefaultClause(parent) ? parent.parent : parent
  const end = ts.isSourceFile(scope) ? scope.endOfFileToken.end : scope.end - 1
  return { start: end, end, text: '' }
}

/** Whether a name is that of a member, which no variable can hide: `this.retry`, `{ retry: 3 }`, `retry() {}` in a class. */
function isMemberName(use: ts.Identifier): boolean {
  const { parent } = use
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === use
  if (ts.isBindingElement(parent)) return parent.propertyName === use
  return (ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isJsxAttribute(parent)) && parent.name === use
}
