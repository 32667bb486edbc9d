/** `npm run new-rule no-some-mistake`: writes a rule with its test and page, and enters it in the index and the tables. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createRule } from './newRule/createRule.ts'

const root = join(import.meta.dirname, '..')
const [id, ...rest] = process.argv.slice(2)

if (id === undefined || rest.length > 0) {
  console.error('Usage: npm run new-rule no-some-mistake')
  process.exitCode = 2
} else {
  try {
    for (const path of await createRule(root, id)) console.log(`Wrote ${path}`)
    const generate = spawnSync(process.execPath, [join(root, 'scripts/generate.ts')], { stdio: 'inherit' })
    process.exitCode = generate.status ?? 1
    console.log(`Next: write docs/rules/${id}.md, then \`npx vitest test/lint/rules/${id}.test.ts\``)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
