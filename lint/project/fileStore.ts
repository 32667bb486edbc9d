import fs from 'node:fs'
import ts from 'typescript'
import { isDeclaration, isInside, isLintable, toKey } from './paths.ts'
import { TextSnapshot } from './textSnapshot.ts'

/** Larger sources are data or generated code: not worth seconds of analysis. In bytes. */
const LARGEST = 5_000_000
/** How many leading characters are searched for a NUL, the mark of a binary file. */
const HEAD = 8192

const SOURCE = /\.([cm]?[jt]sx?|json)$/iu

export interface StoredFile {
  readonly snapshot: TextSnapshot
  /** Differs between any two texts of the file, and never comes back. */
  readonly version: string
  /** Why the text was left out, as the end of "the file …"; such a file counts as empty. */
  readonly problem: string | undefined
}

interface DiskEntry {
  file: StoredFile | undefined
  stale: boolean
}

/**
 * What every program sees of the file system: open buffers over files on disk. Answers are kept
 * until a watcher (or the editor) tells that they changed.
 */
export class FileStore {
  readonly #buffers = new Map<string, StoredFile>()
  readonly #disk = new Map<string, DiskEntry>()
  readonly #fileExists = new Map<string, boolean>()
  readonly #directoryExists = new Map<string, boolean>()
  readonly #directories = new Map<string, string[]>()
  readonly #realpaths = new Map<string, string>()
  /** Versions of texts that a program can take in by themselves. */
  readonly #taken = new Set<string>()
  #revision = 0
  #resolutionRevision = 0
  #versions = 0

  /** Changes whenever any text or the set of files does. */
  get revision(): number {
    return this.#revision
  }

  /** Changes when a module name may resolve to another file than before. */
  get resolutionRevision(): number {
    return this.#resolutionRevision
  }

  /** Shows `text` instead of the file on disk, until `closeBuffer`. */
  setBuffer(fileName: string, text: string): void {
    const key = toKey(fileName)
    const known = this.get(fileName)
    if (known?.problem === undefined && known?.snapshot.text === text) {
      this.#buffers.set(key, known)
      return
    }
    this.#buffers.set(key, this.#file(fileName, text, text.length))
    this.#revision++
    if (known === undefined) this.#invalidateLookups()
  }

  closeBuffer(fileName: string): void {
    const key = toKey(fileName)
    const buffer = this.#buffers.get(key)
    if (buffer === undefined) return
    this.#buffers.delete(key)
    // When the file on disk says the same, the version stays, and nothing is parsed again.
    this.#disk.set(key, { file: buffer, stale: true })
    this.#revision++
    if (this.get(fileName) === undefined) this.#invalidateLookups()
  }

  hasBuffer(fileName: string): boolean {
    return this.#buffers.has(toKey(fileName))
  }

  /** The file's text may be another one; it is read again when next asked for. */
  fileChanged(fileName: string): void {
    const entry = this.#disk.get(toKey(fileName))
    if (entry !== undefined) entry.stale = true
    this.#revision++
  }

  /** A file or folder appeared or went away, or another folder is what a package's name stands for. */
  layoutChanged(path: string): void {
    for (const [key, entry] of this.#disk) {
      if (key === toKey(path) || isInside(key, path)) entry.stale = true
    }
    this.#invalidateLookups()
  }

  /** Whether programs can tell that something came or went at this path: source, JSON, or a folder of such. */
  concerns(path: string): boolean {
    if (SOURCE.test(path)) return true
    const wasThere = [this.#fileExists, this.#directoryExists].some((known) => known.get(path) === true)
    return wasThere || ts.sys.directoryExists(path) || [...this.#disk.keys()].some((key) => isInside(key, path))
  }

  /** The file's current text, or `undefined` when there is none or it cannot be read. */
  get(fileName: string): StoredFile | undefined {
    const key = toKey(fileName)
    const buffer = this.#buffers.get(key)
    if (buffer !== undefined) return buffer
    const entry = this.#disk.get(key)
    if (entry !== undefined && !entry.stale) return entry.file
    const file = this.#read(fileName, entry?.file)
    this.#disk.set(key, { file, stale: false })
    return file
  }

  fileExists(fileName: string): boolean {
    if (this.hasBuffer(fileName)) return true
    return remember(this.#fileExists, fileName, () => ts.sys.fileExists(fileName))
  }

  directoryExists(folder: string): boolean {
    return remember(this.#directoryExists, folder, () => ts.sys.directoryExists(folder))
  }

  getDirectories(folder: string): string[] {
    return remember(this.#directories, folder, () => ts.sys.getDirectories(folder))
  }

  realpath(path: string): string {
    return remember(this.#realpaths, path, () => ts.sys.realpath?.(path) ?? path)
  }

  /**
   * Leaves out what a test of names and texts says no program can take in, until it changes; the names of what it was.
   * Each text is tested once.
   */
  leaveOut(isBeyond: (fileName: string, text: string) => boolean, problem: string): readonly string[] {
    const left: string[] = []
    const refused = (fileName: string, file: StoredFile | undefined): StoredFile | undefined => {
      if (!file || file.problem !== undefined || !isLintable(fileName) || this.#taken.has(file.version))
        return undefined
      this.#taken.add(file.version)
      if (!isBeyond(fileName, file.snapshot.text)) return undefined
      left.push(fileName)
      return { snapshot: new TextSnapshot(''), version: String(++this.#versions), problem }
    }
    for (const [key, file] of this.#buffers) this.#buffers.set(key, refused(key, file) ?? file)
    for (const [key, entry] of this.#disk) entry.file = refused(key, entry.file) ?? entry.file
    if (left.length > 0) this.#revision++
    return left
  }

  #invalidateLookups(): void {
    this.#fileExists.clear()
    this.#directoryExists.clear()
    this.#directories.clear()
    this.#realpaths.clear()
    this.#revision++
    this.#resolutionRevision++
  }

  #read(fileName: string, before: StoredFile | undefined): StoredFile | undefined {
    let size: number
    try {
      const stats = fs.statSync(fileName)
      if (!stats.isFile()) return undefined
      size = stats.size
    } catch {
      return undefined
    }
    if (size > LARGEST && !isDeclaration(fileName)) return this.#file(fileName, '', size)
    const text = ts.sys.readFile(fileName)
    if (text === undefined) return undefined
    if (before?.problem === undefined && before?.snapshot.text === text) return before
    return this.#file(fileName, text, size)
  }

  #file(fileName: string, text: string, size: number): StoredFile {
    const version = String(++this.#versions)
    let problem: string | undefined
    if (size > LARGEST && !isDeclaration(fileName)) {
      problem = `is larger than ${String(LARGEST / 1_000_000)} MB`
    } else if (isBinary(text)) {
      problem = 'is binary, although its name says source code'
    }
    return { snapshot: new TextSnapshot(problem === undefined ? text : ''), version, problem }
  }
}

function isBinary(text: string): boolean {
  const nul = text.indexOf('\0')
  return nul !== -1 && nul < HEAD
}

function remember<Value>(cache: Map<string, Value>, key: string, compute: () => Value): Value {
  const known = cache.get(key)
  if (known !== undefined) return known
  const value = compute()
  cache.set(key, value)
  return value
}
