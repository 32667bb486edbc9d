import * as vscode from 'vscode'
import { findings, ruleOf, show } from './editor.ts'
import { eventually } from './eventually.ts'
import { runTests, test } from './harness.ts'

const { path, rules } = JSON.parse(process.env['FORKLINE_SAMPLE'] ?? '') as { path: string; rules: string[] }

test(`shows ${rules.join(', ')} in the sample workspace, as the command line does`, async () => {
  const uri = vscode.Uri.file(path)
  await show(uri)
  const shown = (): string[] => findings(uri).map(ruleOf)
  await eventually(
    'the findings of the command line',
    () => rules.every((rule) => shown().includes(rule)),
    () => `it shows [${shown().join(', ')}]`,
  )
})

/** What VS Code calls once it has loaded the extension. */
export async function run(): Promise<void> {
  await runTests()
}
