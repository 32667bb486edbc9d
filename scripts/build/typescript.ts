import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'
import { withoutComments } from './withoutComments.ts'

/** How the folder is made; another one when that changes, so that it is made anew. */
const FORM = 'libraries without comments'

/**
 * Puts TypeScript and its library typings, both minified, into one folder. They belong together: the compiler
 * looks for `lib*.d.ts` beside itself, and without them types `Promise` and `Array` as `any`, silently.
 *
 * @returns Whether there was something to do; a version that is there already is left alone.
 */
export async function buildTypescript(folder: string): Promise<boolean> {
  const source = dirname(createRequire(import.meta.url).resolve('typescript'))
  const { version } = JSON.parse(await readFile(join(source, '../package.json'), 'utf8')) as { version: string }
  const stamp = join(folder, 'version')
  const made = `${version}, ${FORM}`
  if ((await readFile(stamp, 'utf8').catch(() => '')) === made) return false

  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const { code } = await transform(await readFile(join(source, 'typescript.js'), 'utf8'), {
    minify: true,
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
  })
  await writeFile(join(folder, 'typescript.js'), code)
  const libraries = (await readdir(source)).filter((name) => /^lib\..*d\.ts$/u.test(name))
  for (const name of libraries) {
    await writeFile(join(folder, name), withoutComments(name, await readFile(join(source, name), 'utf8')))
  }
  await copyFile(join(source, '../LICENSE.txt'), join(folder, 'LICENSE.txt'))
  await copyFile(join(source, '../ThirdPartyNoticeText.txt'), join(folder, 'ThirdPartyNoticeText.txt'))
  await writeFile(stamp, made)
  return true
}
