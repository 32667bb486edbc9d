import path from 'node:path'

/** The path from a folder with forward slashes; `undefined` when the file lies elsewhere. */
export function relativePath(file: string, folder: string): string | undefined {
  const relative = path.relative(folder, file)
  if (relative === '' || relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) {
    return undefined
  }
  return relative.replaceAll(path.sep, '/')
}
