import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Rule } from '../../lint/rule.ts'

/** The ids of the rules in a checkout: each is a file of `lint/rules`. */
export function ruleIds(root: string): readonly string[] {
  return readdirSync(join(root, 'lint/rules'))
    .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    .map((name) => name.slice(0, -'.ts'.length))
    .sort()
}

/**
 * Loads the rules from their files rather than from the index, which may be stale.
 *
 * @throws {Error} When a file exports no `rule`, or one of another id.
 */
export async function loadRules(root: string): Promise<readonly Rule[]> {
  const rules: Rule[] = []
  for (const id of ruleIds(root)) {
    const path = join(root, 'lint/rules', `${id}.ts`)
    const { rule } = (await import(pathToFileURL(path).href)) as { readonly rule?: Rule }
    if (rule?.id !== id) {
      const found = rule === undefined ? 'no export `rule`' : `the id \`${rule.id}\``
      throw new Error(`Expected \`export const rule = defineRule({ id: '${id}', … })\` in ${path}, found ${found}`)
    }
    rules.push(rule)
  }
  return rules
}
