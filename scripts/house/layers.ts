/** Who may import whom: an engine knows no face, and imports go one way (see ARCHITECTURE.md). */
export interface Layer {
  /** Files of this folder, or this file; the longest match counts. */
  readonly path: string
  /** Folders and files of the repository that it may import besides its own. */
  readonly mayImport: readonly string[]
  /** Packages that it may import, as `name`, `@scope/` or `node:`. */
  readonly packages: readonly string[]
  /** Whether its files may import one another; otherwise each stands for itself. */
  readonly isolated?: boolean
}

const BELOW_FLOW = ['lint/analysis/knowledge', 'lint/analysis/code']

const BELOW_FAMILIES = ['lint/model.ts', ...BELOW_FLOW, 'lint/analysis/flow', 'lint/analysis/fileAnalysis.ts']

export const LAYERS: readonly Layer[] = [
  // `#stack`, `#stall` and `#traced` are files of its own: which ones depends on where the program runs.
  { path: 'runtime', mayImport: [], packages: ['node:', '#stack', '#stall', '#traced'] },
  { path: 'trace', mayImport: ['runtime/trace-format.ts'], packages: [] },
  { path: 'viewer', mayImport: ['trace'], packages: ['comlink', 'preact', '@preact/signals', 'forkline:'] },
  {
    path: 'lint',
    mayImport: [],
    packages: ['typescript', 'node:', '@eslint/plugin-kit', 'valibot', 'ignore', 'tinyglobby'],
  },
  { path: 'lint/model.ts', mayImport: [], packages: ['typescript'] },
  { path: 'lint/rule.ts', mayImport: ['lint/model.ts', 'lint/analysis'], packages: ['typescript'] },
  // From what is known of names and packages, over the text and the flow of values, to the questions of each family of rules.
  { path: 'lint/analysis/knowledge', mayImport: ['lint/model.ts'], packages: ['typescript'] },
  { path: 'lint/analysis/code', mayImport: ['lint/model.ts', 'lint/analysis/knowledge'], packages: ['typescript'] },
  { path: 'lint/analysis/flow', mayImport: ['lint/model.ts', ...BELOW_FLOW], packages: ['typescript'] },
  {
    path: 'lint/analysis/fileAnalysis.ts',
    mayImport: ['lint/model.ts', ...BELOW_FLOW, 'lint/analysis/flow'],
    packages: ['typescript'],
  },
  { path: 'lint/analysis/promises', mayImport: BELOW_FAMILIES, packages: ['typescript'] },
  { path: 'lint/analysis/bounds', mayImport: BELOW_FAMILIES, packages: ['typescript'] },
  { path: 'lint/analysis/state', mayImport: BELOW_FAMILIES, packages: ['typescript'] },
  {
    path: 'lint/analysis/cancellation',
    mayImport: [...BELOW_FAMILIES, 'lint/analysis/bounds'],
    packages: ['typescript'],
  },
  { path: 'lint/fixes', mayImport: ['lint/model.ts', 'lint/analysis'], packages: ['typescript'] },
  {
    path: 'lint/rules',
    mayImport: ['lint/model.ts', 'lint/rule.ts', 'lint/analysis', 'lint/fixes'],
    packages: ['typescript'],
    isolated: true,
  },
  { path: 'lint/rules/index.ts', mayImport: ['lint/rules', 'lint/rule.ts'], packages: [] },
  { path: 'lint/plugin', mayImport: ['lint'], packages: ['typescript', '@typescript-eslint/utils'] },
  {
    path: 'server',
    mayImport: ['lint'],
    packages: ['node:', 'typescript', 'vscode-languageserver', 'vscode-languageserver-textdocument'],
  },
  // What `forkline run` says to the programs that it runs, and they to it.
  {
    path: 'cli',
    mayImport: ['lint', 'trace', 'viewer/report.ts', 'runtime/register-config.ts'],
    packages: [
      'node:',
      'cross-spawn',
      'typescript',
      'commander',
      'picocolors',
      'tinyglobby',
      'ignore',
      '@jridgewell/trace-mapping',
      '@opentelemetry',
    ],
  },
  // How it finds programs that are recorded live, reads their recordings while they grow, and records what is debugged.
  // From compiled lines to sources there is one way, whoever asks.
  {
    path: 'client',
    mayImport: [
      'cli/source-maps.ts',
      'runtime/live.ts',
      'runtime/register-config.ts',
      'server/messages.ts',
      'viewer/messages.ts',
      'runtime/trace-format.ts',
      'runtime/pool.ts',
    ],
    packages: ['node:', 'vscode', 'vscode-languageclient'],
  },
]

const WORKSPACE_PACKAGES: Readonly<Record<string, string>> = {
  '@forkline/runtime': 'runtime',
  '@forkline/trace': 'trace',
  '@forkline/viewer': 'viewer',
  '@forkline/lint': 'lint',
  '@forkline/server': 'server',
  '@forkline/cli': 'cli',
  '@forkline/client': 'client',
  'eslint-plugin-forkline': 'lint/plugin',
}

/**
 * Why a file may not import something; undefined when it may.
 *
 * @param file The importing file, relative to the repository, with `/`.
 * @param target What it imports: a path relative to the repository, or the name of a package.
 */
export function forbidden(file: string, target: string): string | undefined {
  const layer = layerOf(file)
  if (layer === undefined) {
    if (target !== 'vscode' || file.startsWith('test/host/')) return undefined
    return 'Only `client` may import `vscode`'
  }
  const path = workspacePath(target)
  if (path === undefined) {
    if (layer.packages.some((name) => isPackage(target, name))) return undefined
    return `\`${layer.path}\` may not import the package \`${target}\``
  }
  if (layer.mayImport.some((allowed) => contains(allowed, path))) return undefined
  if (layerOf(path) === layer && layer.isolated !== true) return undefined
  // The part that holds others, such as the linter above the rules, may use all of them but the faces.
  if (layer.path === 'lint' && contains('lint', path) && !contains('lint/plugin', path)) return undefined
  return `\`${layer.path}\` may not import \`${path}\``
}

function layerOf(path: string): Layer | undefined {
  const holders = LAYERS.filter((layer) => contains(layer.path, path))
  return holders.sort((a, b) => b.path.length - a.path.length)[0]
}

function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function isPackage(target: string, name: string): boolean {
  return name.endsWith(':') ? target.startsWith(name) : contains(name, target)
}

/** A path of the repository, for one that is given as such or by the name of a workspace package. */
function workspacePath(target: string): string | undefined {
  if (target.startsWith('./')) return target.slice('./'.length)
  const [name, folder] = Object.entries(WORKSPACE_PACKAGES).find(([key]) => contains(key, target)) ?? []
  if (name === undefined || folder === undefined) return undefined
  const inner = target.slice(name.length)
  return inner === '' ? folder : `${folder}${inner}.ts`
}
