import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import * as parser from '@typescript-eslint/parser'
import { ESLint, type Linter } from 'eslint'
import { plugin } from 'eslint-plugin-forkline'

const MODULES = resolve(import.meta.dirname, '../../node_modules')

/** A project on disk, as a user of the ESLint plugin has it. */
export class EslintProject {
  static async create(files: Readonly<Record<string, string>>): Promise<EslintProject> {
    const project = new EslintProject(await mkdtemp(join(tmpdir(), 'forkline-eslint-')))
    await project.write({ 'tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [] } }', ...files })
    await symlink(MODULES, join(project.root, 'node_modules'))
    return project
  }

  readonly root: string
  private constructor(root: string) {
    this.root = root
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.root, name)), { recursive: true })
      await writeFile(join(this.root, name), text)
    }
  }

  /** Lints all files with a preset and, unless told otherwise, type information. */
  async lint(
    preset: Linter.Config,
    { rules = {}, fix = false, typed = true }: { rules?: Linter.RulesRecord; fix?: boolean; typed?: boolean } = {},
  ): Promise<ESLint.LintResult[]> {
    const eslint = new ESLint({
      cwd: this.root,
      fix,
      overrideConfigFile: true,
      overrideConfig: [
        { files: ['**/*.ts'], languageOptions: { parser, parserOptions: typed ? this.#typeInformation : {} } },
        { files: ['**/*.ts'], ...preset },
        { files: ['**/*.ts'], plugins: { forkline: plugin as unknown as ESLint.Plugin }, rules },
      ],
    })
    return eslint.lintFiles(['**/*.ts'])
  }

  get #typeInformation(): object {
    return { projectService: true, tsconfigRootDir: this.root }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }
}
