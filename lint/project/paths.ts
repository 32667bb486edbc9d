import ts from 'typescript'

const LINTABLE = /\.[cm]?[jt]sx?$/iu
const DECLARATION = /\.d\.([^./]+\.)?[cm]?ts$/iu

/** Whether findings can be asked of a file with this name: TypeScript or JavaScript, but no declaration file. */
export function isLintable(path: string): boolean {
  return LINTABLE.test(path) && !DECLARATION.test(path) && !/\.[cm][jt]sx$/iu.test(path)
}

/** Whether the file is only known by its types; its size is then no reason to leave it out. */
export function isDeclaration(path: string): boolean {
  return DECLARATION.test(path)
}

/** The absolute path with forward slashes, as TypeScript writes file names on every platform. */
export function toFileName(path: string): string {
  return ts.sys.resolvePath(path).replaceAll('\\', '/')
}

/** What two spellings of one path have in common on this machine's file system. */
export function toKey(fileName: string): string {
  return ts.sys.useCaseSensitiveFileNames ? fileName : fileName.toLowerCase()
}

export function directoryOf(fileName: string): string {
  const slash = fileName.lastIndexOf('/')
  return slash <= 0 ? fileName.slice(0, slash + 1) : fileName.slice(0, slash)
}

/** The folder of the file and the folders above it, nearest first. */
export function* ancestors(fileName: string): Generator<string> {
  let folder = directoryOf(fileName)
  for (;;) {
    yield folder
    const parent = directoryOf(folder)
    if (parent === folder || parent === '') return
    folder = parent
  }
}

export function isInside(fileName: string, folder: string): boolean {
  return toKey(fileName).startsWith(folder.endsWith('/') ? toKey(folder) : `${toKey(folder)}/`)
}
