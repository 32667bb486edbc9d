import ts from 'typescript'
import { isDeclaration } from './paths.ts'

/**
 * The trees of files, shared by programs. TypeScript shares them among programs whose options agree on all that a tree may
 * depend on. The tree of a declaration file depends on none of that: it holds no JSX, is given no helpers and no strictness,
 * runs nowhere, and is a module only where it says so. So the projects of a monorepo share the library and the typings of
 * packages, parsed and bound once, although each project has options of its own.
 */
export function createDocuments(jsDocParsingMode: ts.JSDocParsingMode): ts.DocumentRegistry {
  const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, undefined, jsDocParsingMode)
  const ofDeclarations = registry.getKeyForCompilationSettings({})
  const keyFor = (fileName: string, key: ts.DocumentRegistryBucketKey): ts.DocumentRegistryBucketKey =>
    isDeclaration(fileName) ? ofDeclarations : key
  return {
    ...registry,
    acquireDocumentWithKey: (fileName, path, settings, key, ...text) =>
      registry.acquireDocumentWithKey(fileName, path, settings, keyFor(path, key), ...text),
    updateDocumentWithKey: (fileName, path, settings, key, ...text) =>
      registry.updateDocumentWithKey(fileName, path, settings, keyFor(path, key), ...text),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the overload without a format is, the other has its name
    releaseDocumentWithKey: (
      path: ts.Path,
      key: ts.DocumentRegistryBucketKey,
      kind: ts.ScriptKind,
      format?: ts.ResolutionMode,
    ) => {
      registry.releaseDocumentWithKey(path, keyFor(path, key), kind, format)
    },
  }
}
