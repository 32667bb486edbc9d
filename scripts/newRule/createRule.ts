import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newRuleFiles } from './templates.ts'

const ID = /^[a-z]+(-[a-z]+)+$/u

/**
 * Writes the rule, its test and its page.
 *
 * @returns The paths written, relative to `root`.
 * @throws {Error} When the id is not in kebab case or one of the files is there already; then nothing is written.
 */
export async function createRule(root: string, id: string): Promise<readonly string[]> {
  if (!ID.test(id)) {
    throw new Error(`Expected a name of two or more lower-case words, such as \`no-some-mistake\`, got \`${id}\``)
  }
  const files = Object.entries(newRuleFiles(id))
  const taken = files.find(([path]) => existsSync(join(root, path)))
  if (taken !== undefined) throw new Error(`${taken[0]} exists already; choose another name, or delete it first`)
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text, { flag: 'wx' })
  }
  return files.map(([path]) => path)
}
