import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

/**
 * The licences of all packages that bundles hold, as those licences ask of who passes their code on.
 *
 * @throws {Error} When a package comes without the text of its licence.
 */
export function notices(root: string, metafiles: readonly Metafile[]): string {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs))
  const folders = new Set(
    inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/u.exec(input)?.[0] ?? []),
  )
  return [...folders]
    .sort()
    .map((folder) => notice(join(root, folder)))
    .join('\n')
}

function notice(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/iu.test(file))
  if (licence === undefined)
    throw new Error(`${folder} has no licence file; find its text before you bundle the package`)
  return `${String(name)} ${String(version)}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n\n${'-'.repeat(80)}\n`
}
