import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the ESLint plugin's package needs beside its bundle: an entry for ES modules, and the types of both. */
export async function writePluginEntries(root: string): Promise<void> {
  const plugin = join(root, 'lint/plugin')
  const dist = join(plugin, 'dist')
  await writeFile(
    join(dist, 'index.mjs'),
    "import plugin from './index.cjs'\nexport const { configs, meta, rules } = plugin\nexport default plugin\n",
  )
  for (const name of ['index.d.cts', 'index.d.mts']) await copyFile(join(plugin, 'types', name), join(dist, name))
  await copyFile(join(root, 'LICENSE'), join(dist, 'LICENSE'))
}
