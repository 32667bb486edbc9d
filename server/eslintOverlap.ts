import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

const PLUGIN = 'eslint-plugin-forkline'
/** Where a folder says what its ESLint runs. */
const FILES = [
  'package.json',
  'eslint.config.js',
  'eslint.config.mjs',
  'eslint.config.cjs',
  'eslint.config.ts',
  'eslint.config.mts',
  'eslint.config.cts',
] as const

/** Whether a change to this file may change the answer of {@link EslintOverlap}. */
export function concernsEslint(filePath: string): boolean {
  const name = basename(filePath)
  return FILES.some((file) => file === name)
}

/**
 * Which folders run our rules through ESLint as well, told by whether their `package.json` or
 * `eslint.config.*` names the plugin. Cheap on purpose: the configuration is a program of the
 * workspace's, and running it is not for us.
 */
export class EslintOverlap {
  readonly #byFolder = new Map<string, Promise<boolean>>()
  /** Whether the editor runs ESLint at all. */
  extensionActive = false

  clear(): void {
    this.#byFolder.clear()
  }

  /** Whether the ESLint extension reports our findings in this folder already. */
  async covers(folderPath: string): Promise<boolean> {
    if (!this.extensionActive) return false
    let answer = this.#byFolder.get(folderPath)
    if (!answer) {
      answer = namesPlugin(folderPath)
      this.#byFolder.set(folderPath, answer)
    }
    return answer
  }
}

async function namesPlugin(folderPath: string): Promise<boolean> {
  const texts = await Promise.all(FILES.map((name) => readFile(join(folderPath, name), 'utf8').catch(() => '')))
  return texts.some((text) => text.includes(PLUGIN))
}
