import { lint, Workspace } from '@forkline/lint'
import { Linter } from 'eslint'
import tseslint from 'typescript-eslint'

/** Something that keeps a project in memory and gives the findings of a file after an edit. */
export interface EditLinter extends Disposable {
  readonly name: string
  /** Takes in the file's new text, and returns how many findings it has then. */
  edit(path: string, text: string): number
  /** Milliseconds per phase since the last call, where the linter can tell. */
  phases(): Readonly<Record<string, number>>
}

/** All of our rules, the way the language server runs them. */
export function forkline(root: string): EditLinter {
  const workspace = new Workspace({ folders: [root] })
  let version = 0
  let spent = { program: 0, rules: 0 }
  return {
    name: 'forkline',
    edit(path, text) {
      const start = performance.now()
      workspace.openDocument(path, ++version, text)
      const file = workspace.file(path)
      if (file.kind === 'skipped') throw new Error(`${path} ${file.reason}`)
      const ready = performance.now()
      const result = lint(file.program, file.sourceFile, { level: 'possible' })
      const [crash] = result.crashes
      if (crash) throw new Error(`${crash.ruleId} crashed at ${path}:${String(crash.line)}`, { cause: crash.error })
      spent = { program: ready - start, rules: performance.now() - ready }
      return result.findings.length
    },
    phases: () => spent,
    [Symbol.dispose]: () => {
      workspace.dispose()
    },
  }
}

/** The two typed promise rules of typescript-eslint, the way an editor runs them. */
export function typescriptEslint(root: string): EditLinter {
  const linter = new Linter({ cwd: root })
  const config = {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: root, disallowAutomaticSingleRunInference: true },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  } satisfies Linter.Config
  return {
    name: 'typescript-eslint',
    edit(path, text) {
      const messages = linter.verify(text, config, { filename: path })
      const fatal = messages.find((message) => message.fatal === true)
      if (fatal) throw new Error(`${path}:${String(fatal.line)}: ${fatal.message}`)
      return messages.length
    },
    phases: () => ({}),
    [Symbol.dispose]: () => undefined,
  }
}
