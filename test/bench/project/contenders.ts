import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A linter that is started afresh on a whole project, as in CI. */
export interface Contender {
  readonly name: string
  /** Lints the project at `root`. @returns how many findings there were. */
  lint(root: string): number
}

const require = createRequire(import.meta.url)

/** The rules that are closest to ours in what they have to ask: all four need types. */
const RULES = ['no-floating-promises', 'no-misused-promises', 'await-thenable', 'require-await']

/** All of our rules, as the bundled command line runs them. */
export const forkline: Contender = {
  name: 'forkline',
  lint(root) {
    const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))
    if (!fs.existsSync(cli)) throw new Error(`There is no ${cli}: run \`npm run build\` first`)
    const results = JSON.parse(run(process.execPath, [cli, 'lint', '--format', 'json', '.'], root)) as readonly {
      readonly messages: readonly unknown[]
    }[]
    return sum(results.map(({ messages }) => messages.length))
  },
}

/** ESLint with four typed rules of typescript-eslint, in its single-run mode, which is its fastest. */
export const eslint: Contender = {
  name: 'ESLint + typescript-eslint',
  lint(root) {
    fs.writeFileSync(
      path.join(root, 'eslint.config.mjs'),
      `import tseslint from ${imported('typescript-eslint')}
export default [{
  files: ['src/**/*.ts'],
  languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: ${JSON.stringify(Object.fromEntries(RULES.map((rule) => [`@typescript-eslint/${rule}`, 'error'])))},
}]
`,
    )
    const bin = path.join(path.dirname(require.resolve('eslint/package.json')), 'bin/eslint.js')
    const results = JSON.parse(run(process.execPath, [bin, '--format', 'json', 'src'], root)) as readonly {
      readonly messages: readonly unknown[]
    }[]
    return sum(results.map(({ messages }) => messages.length))
  },
}

/** oxlint with the same four rules, for which tsgolint asks TypeScript's native port. */
export const oxlint: Contender = {
  name: 'oxlint + tsgolint',
  lint(root) {
    fs.writeFileSync(
      path.join(root, '.oxlintrc.json'),
      JSON.stringify({
        plugins: ['typescript'],
        categories: { correctness: 'off' },
        rules: Object.fromEntries(RULES.map((rule) => [`typescript/${rule}`, 'error'])),
      }),
    )
    const bin = path.join(path.dirname(require.resolve('oxlint/package.json')), 'bin/oxlint')
    const { diagnostics } = JSON.parse(
      run(process.execPath, [bin, '--type-aware', '--format', 'json', 'src'], root),
    ) as { readonly diagnostics: readonly unknown[] }
    return diagnostics.length
  },
}

/** Both linters end with 1 when there are findings. */
function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (error) throw error
  if (status !== 0 && status !== 1)
    throw new Error(`${args.join(' ')} ended with ${String(status)}:\n${stderr}\n${stdout.slice(0, 2000)}`)
  return stdout
}

function imported(name: string): string {
  return JSON.stringify(pathToFileURL(require.resolve(name)).href)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
