import { configurationSchemaFile } from './configurationSchema.ts'
import { manifestRules } from './manifestRules.ts'
import type { Output } from './output.ts'
import { readmeTable, ruleHead, ruleOverview } from './ruleDocs.ts'
import { loadRules } from './ruleFiles.ts'
import { ruleIndex } from './ruleIndex.ts'

/** Everything that is generated from the rules of a checkout, and from the shape of its configuration. */
export async function allOutputs(root: string): Promise<readonly Output[]> {
  const rules = await loadRules(root)
  return [
    ruleIndex(rules.map(({ id }) => id)),
    ruleOverview(rules),
    readmeTable(rules),
    manifestRules(rules),
    configurationSchemaFile(),
    ...rules.map(ruleHead),
  ]
}
