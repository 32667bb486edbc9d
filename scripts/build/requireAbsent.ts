import type { Metafile } from 'esbuild'

/**
 * Proves that a bundle holds no file of certain packages or scopes.
 *
 * @throws {Error} With the way by which one of them came in.
 */
export function requireAbsent(bundle: string, metafile: Metafile, packages: readonly string[]): void {
  for (const name of packages) {
    const marker = `node_modules/${name}/`
    const found = Object.keys(metafile.inputs).find((input) => input.includes(marker))
    if (found === undefined) continue
    const importer = Object.entries(metafile.inputs).find(([, input]) =>
      input.imports.some(({ path }) => path === found),
    )
    throw new Error(
      `The bundle ${bundle} must not hold ${name}, but ${importer?.[0] ?? 'an entry point'} imports ${found}. `
        + 'Import a narrower entry of the package, or only its types.',
    )
  }
}
