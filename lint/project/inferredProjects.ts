import { inferredOptions } from './compilerOptions.ts'
import type { ConfigFile } from './configFile.ts'
import { directoryOf, isInside, toKey } from './paths.ts'
import type { ProjectContent } from './project.ts'

const PREFIX = 'loose files of '

interface Inferred {
  readonly announced: Set<string>
  readonly open: Set<string>
  /** The last file that was asked for without being open or announced. */
  passing: string | undefined
  nearest: ConfigFile | undefined
  content: ProjectContent | undefined
}

/** The files that no config file takes in, gathered by the nearest config file, else by workspace folder. */
export class InferredProjects {
  readonly #projects = new Map<string, Inferred>()
  #folders: readonly string[]

  constructor(folders: readonly string[]) {
    this.#folders = folders
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = folders
  }

  keyOf(fileName: string, nearest: ConfigFile | undefined): string {
    return PREFIX + (nearest?.path ?? this.#folder(fileName))
  }

  /** Adds a file to its project before it is asked for, and for good. */
  announce(fileName: string, nearest: ConfigFile | undefined): void {
    const project = this.#project(this.keyOf(fileName, nearest), nearest)
    project.announced.add(fileName)
    project.content = undefined
  }

  /**
   * Makes the file part of its project and gives the project's key. A file that is not open leaves with the
   * next one.
   */
  add(fileName: string, nearest: ConfigFile | undefined, isOpen: boolean): string {
    const key = this.keyOf(fileName, nearest)
    const project = this.#project(key, nearest)
    const roots = isOpen ? project.open : project.announced
    if (roots.has(fileName)) return key
    if (isOpen) project.open.add(fileName)
    else project.passing = fileName
    project.content = undefined
    return key
  }

  /** The file is not open any more. */
  release(fileName: string): void {
    for (const project of this.#projects.values()) {
      if (project.open.delete(fileName)) project.content = undefined
    }
  }

  content(key: string): ProjectContent | undefined {
    const project = this.#projects.get(key)
    if (project === undefined) return undefined
    project.content ??= {
      options: inferredOptions(project.nearest?.parsed.options),
      roots: [...new Set([...project.announced, ...project.open, ...(project.passing ? [project.passing] : [])])],
      references: project.nearest?.parsed.projectReferences ?? [],
      configPath: undefined,
    }
    return project.content
  }

  /** Where a project's relative paths start. */
  folderOf(key: string): string {
    const place = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key
    return place.endsWith('.json') ? directoryOf(place) : place
  }

  #project(key: string, nearest: ConfigFile | undefined): Inferred {
    let project = this.#projects.get(key)
    if (project === undefined) {
      project = { announced: new Set(), open: new Set(), passing: undefined, nearest, content: undefined }
      this.#projects.set(key, project)
    }
    if (project.nearest !== nearest) {
      project.nearest = nearest
      project.content = undefined
    }
    return project
  }

  #folder(fileName: string): string {
    const containing = this.#folders.filter((folder) => isInside(fileName, folder))
    const innermost = containing.sort((a, b) => toKey(b).length - toKey(a).length)[0]
    return innermost ?? directoryOf(fileName)
  }
}
