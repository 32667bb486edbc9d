import type { Connection } from 'vscode-languageserver/node'
import { DEFAULT_SETTINGS, readSettings, type Settings } from './settings.ts'

/** The settings of each folder, asked of the client once and kept until they change. */
export class SettingsStore {
  readonly #connection: Connection
  readonly #knownRules: readonly string[]
  readonly #byScope = new Map<string, Promise<Settings>>()
  readonly #told = new Set<string>()
  /** Whether the client answers `workspace/configuration`; where it does not, the defaults hold. */
  #supported = false

  constructor(connection: Connection, knownRules: readonly string[]) {
    this.#connection = connection
    this.#knownRules = knownRules
  }

  initialize(supported: boolean): void {
    this.#supported = supported
  }

  /** Forgets all settings, because one of them changed. */
  clear(): void {
    this.#byScope.clear()
  }

  /** The settings for a folder's URI, or for the documents that belong to none. Never rejects. */
  of(folderUri: string | undefined): Promise<Settings> {
    const key = folderUri ?? ''
    let settings = this.#byScope.get(key)
    if (!settings) {
      settings = this.#ask(folderUri)
      this.#byScope.set(key, settings)
    }
    return settings
  }

  async #ask(scopeUri: string | undefined): Promise<Settings> {
    if (!this.#supported) return DEFAULT_SETTINGS
    try {
      const item = scopeUri === undefined ? { section: 'forkline' } : { section: 'forkline', scopeUri }
      const raw: unknown = await this.#connection.workspace.getConfiguration(item)
      const { settings, problems } = readSettings(raw, this.#knownRules)
      for (const problem of problems) this.#tellOnce(problem)
      return settings
    } catch (error) {
      this.#connection.console.error(`Cannot read the settings, so the defaults hold: ${String(error)}`)
      this.#byScope.delete(scopeUri ?? '')
      return DEFAULT_SETTINGS
    }
  }

  #tellOnce(problem: string): void {
    if (this.#told.has(problem)) return
    this.#told.add(problem)
    this.#connection.console.warn(problem)
  }
}
