import ts from 'typescript'
import { PackageRoles } from '../analysis/knowledge/packageRoles.ts'
import { CONFIGURATION_FILE, type ConfigurationProblem, readConfiguration } from '../configuration.ts'
import type { ConfigProblem } from './configFile.ts'
import type { FileStore } from './fileStore.ts'
import { ancestors, toKey } from './paths.ts'
import type { TextSnapshot } from './textSnapshot.ts'

interface Loaded {
  readonly snapshot: TextSnapshot
  readonly roles: PackageRoles
  readonly problems: readonly ConfigProblem[]
}

/** What the `forkline.json` files above source files add to the table of packages. */
export class ConfigurationFiles {
  readonly #store: FileStore
  readonly #loaded = new Map<string, Loaded>()

  constructor(store: FileStore) {
    this.#store = store
  }

  /** What the nearest configuration file says; undefined where there is none. The same object for as long as its text is. */
  of(fileName: string): PackageRoles | undefined {
    for (const folder of ancestors(fileName)) {
      const path = `${folder.endsWith('/') ? folder : `${folder}/`}${CONFIGURATION_FILE}`
      if (this.#store.fileExists(path)) return this.#load(path)?.roles
    }
    return undefined
  }

  problems(): readonly ConfigProblem[] {
    return [...this.#loaded.values()].flatMap(({ problems }) => problems)
  }

  /** Whether findings hang on this file. */
  dependsOn(fileName: string): boolean {
    return fileName.endsWith(`/${CONFIGURATION_FILE}`)
  }

  /** Forgets what is wrong with files that may be gone. */
  clear(): void {
    for (const key of this.#loaded.keys()) if (!this.#store.fileExists(key)) this.#loaded.delete(key)
  }

  #load(path: string): Loaded | undefined {
    const snapshot = this.#store.get(path)?.snapshot
    if (!snapshot) return undefined
    const key = toKey(path)
    const known = this.#loaded.get(key)
    if (known?.snapshot === snapshot) return known
    const loaded = read(path, snapshot)
    this.#loaded.set(key, loaded)
    return loaded
  }
}

/** Comments and trailing commas are welcome, as in a tsconfig. */
function read(path: string, snapshot: TextSnapshot): Loaded {
  const json = ts.parseJsonText(path, snapshot.text) as ts.JsonSourceFile & {
    readonly parseDiagnostics: readonly ts.Diagnostic[]
  }
  const [broken] = json.parseDiagnostics
  if (broken) {
    const message = ts.flattenDiagnosticMessageText(broken.messageText, ' ')
    return {
      snapshot,
      roles: new PackageRoles(),
      problems: [{ path, line: lineAt(json, broken.start ?? 0), message: `This is not JSON: ${message}` }],
    }
  }
  const config: unknown = json.statements.length === 0 ? undefined : ts.convertToObject(json, [])
  const { knowledge, problems } = readConfiguration(config)
  return {
    snapshot,
    roles: new PackageRoles(knowledge),
    problems: problems.map((problem) => toConfigProblem(problem, path, json)),
  }
}

function toConfigProblem(
  { path: keys, message }: ConfigurationProblem,
  path: string,
  json: ts.JsonSourceFile,
): ConfigProblem {
  const place = keys.length === 0 ? '' : `\`${keys.join('.')}\`: `
  return { path, line: lineAt(json, nodeAt(json, keys)), message: `${place}${message}` }
}

/** Where the value at a path starts; where it is missing, the object that lacks it. */
function nodeAt(json: ts.JsonSourceFile, keys: readonly (string | number)[]): number {
  let at: ts.Node | undefined = json.statements[0]?.expression
  let start = at?.getStart(json) ?? 0
  for (const key of keys) {
    if (at && ts.isObjectLiteralExpression(at)) {
      const property: ts.ObjectLiteralElementLike | undefined = at.properties.find(
        (candidate) => candidate.name && ts.isStringLiteral(candidate.name) && candidate.name.text === key,
      )
      at = property && ts.isPropertyAssignment(property) ? property.initializer : undefined
      start = property?.getStart(json) ?? start
    } else if (at && ts.isArrayLiteralExpression(at)) {
      at = at.elements[Number(key)]
      start = at?.getStart(json) ?? start
    }
  }
  return start
}

function lineAt(json: ts.JsonSourceFile, position: number): number {
  return json.getLineAndCharacterOfPosition(position).line + 1
}
