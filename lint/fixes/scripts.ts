import type { FileAnalysis } from '../analysis/fileAnalysis.ts'

/** Whether a plain script says of which types its values are, or is checked as if it did: what comes in then says so, too. */
export function isChecked({ sourceFile, types }: FileAnalysis): boolean {
  return /@ts-check\b|@(?:type|param|returns?)\s*\{/u.test(sourceFile.text) || types.checksScripts()
}
