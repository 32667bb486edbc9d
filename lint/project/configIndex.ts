import { type ConfigFile, type ConfigProblem, loadConfig } from './configFile.ts'
import type { FileStore } from './fileStore.ts'
import { ancestors, toKey } from './paths.ts'
import { WorkspacePackages } from './workspacePackages.ts'

const NAMES = ['tsconfig.json', 'jsconfig.json']

/** Knows the config files above source files, and which of them takes a file in. */
export class ConfigIndex {
  readonly #store: FileStore
  readonly #packages: WorkspacePackages
  readonly #explicit: string | undefined
  readonly #configs = new Map<string, ConfigFile>()

  /** @param explicit The one config file to use for all files, instead of those found above them. */
  constructor(store: FileStore, explicit: string | undefined) {
    this.#store = store
    this.#packages = new WorkspacePackages(store)
    this.#explicit = explicit
  }

  /** The config file at a path, which must exist. */
  get(path: string): ConfigFile {
    const key = toKey(path)
    let config = this.#configs.get(key)
    if (config === undefined) {
      config = loadConfig(path, this.#store, this.#packages)
      this.#configs.set(key, config)
    }
    return config
  }

  /** The nearest config file that names the source file, itself or through a project it refers to. */
  owner(fileName: string): ConfigFile | undefined {
    const key = toKey(fileName)
    const visited = new Set<string>()
    for (const config of this.#candidates(fileName)) {
      const owner = this.#ownerBelow(config, key, visited)
      if (owner !== undefined) return owner
    }
    return undefined
  }

  nearest(fileName: string): ConfigFile | undefined {
    for (const config of this.#candidates(fileName)) return config
    return undefined
  }

  problems(): readonly ConfigProblem[] {
    const unique = new Map<string, ConfigProblem>()
    if (this.#explicit !== undefined && !this.#store.fileExists(this.#explicit)) {
      const message = 'This config file does not exist. Check the path given as `tsconfig`.'
      unique.set('', { path: this.#explicit, message, line: 1 })
    }
    for (const config of this.#configs.values()) {
      for (const problem of config.problems) unique.set(JSON.stringify(problem), problem)
    }
    return [...unique.values()]
  }

  /** Whether the programs' options or files hang on this file. */
  dependsOn(fileName: string): boolean {
    const key = toKey(fileName)
    if (NAMES.some((name) => key.endsWith(`/${name}`)) || this.#configs.has(key)) return true
    for (const config of this.#configs.values()) if (config.extended.has(key)) return true
    return false
  }

  /** Reads all config files again when next needed. */
  clear(): void {
    this.#configs.clear()
    this.#packages.clear()
  }

  #ownerBelow(config: ConfigFile, key: string, visited: Set<string>): ConfigFile | undefined {
    if (visited.has(config.path)) return undefined
    visited.add(config.path)
    if (config.files.has(key)) return config
    for (const reference of config.references) {
      const owner = this.#ownerBelow(this.get(reference), key, visited)
      if (owner !== undefined) return owner
    }
    return undefined
  }

  *#candidates(fileName: string): Generator<ConfigFile> {
    if (this.#explicit !== undefined) {
      if (this.#store.fileExists(this.#explicit)) yield this.get(this.#explicit)
      return
    }
    for (const folder of ancestors(fileName)) {
      for (const name of NAMES) {
        const path = `${folder.endsWith('/') ? folder : `${folder}/`}${name}`
        if (!this.#store.fileExists(path)) continue
        yield this.get(path)
        break
      }
    }
  }
}
