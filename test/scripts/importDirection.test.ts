import { Linter } from 'eslint'
import { describe, expect, it } from 'vitest'
import { importDirection } from '../../scripts/house/importDirection.ts'

const ROOT = '/repository'

function lint(file: string, code: string): string[] {
  const config: Linter.Config = {
    files: ['**/*.ts'],
    plugins: { house: { rules: { 'import-direction': importDirection } } },
    rules: { 'house/import-direction': ['error', ROOT] },
  }
  const messages = new Linter({ cwd: ROOT }).verify(code, config, { filename: `${ROOT}/${file}` })
  return messages.map(({ message }) => message)
}

describe('the direction of imports', () => {
  it.each([
    ['runtime/src/pool.ts', "import '@forkline/lint'", 'lint'],
    ['runtime/src/pool.ts', "import 'typescript'", 'typescript'],
    ['lint/rules/no-a-thing.ts', "import './no-other-thing.ts'", 'lint/rules/no-other-thing.ts'],
    ['lint/rules/no-a-thing.ts', "import 'node:fs'", 'node:fs'],
    ['lint/rules/no-a-thing.ts', "import '../linter/linter.ts'", 'lint/linter/linter.ts'],
    ['lint/analysis/code/syntax.ts', "import '../../rules/index.ts'", 'lint/rules/index.ts'],
    ['lint/analysis/code/syntax.ts', "import '../flow/asyncFlow.ts'", 'lint/analysis/flow/asyncFlow.ts'],
    ['lint/analysis/flow/asyncFlow.ts', "import '../fileAnalysis.ts'", 'lint/analysis/fileAnalysis.ts'],
    ['lint/analysis/bounds/sizes.ts', "import '../state/writes.ts'", 'lint/analysis/state/writes.ts'],
    ['lint/linter/linter.ts', "import '../plugin/index.ts'", 'lint/plugin/index.ts'],
    ['server/server.ts', "import '../cli/main.ts'", 'cli/main.ts'],
    ['server/server.ts', "import '@forkline/cli'", 'cli'],
    ['cli/main.ts', "export * from '@forkline/server'", 'server'],
    ['cli/main.ts', "await import('vscode')", 'vscode'],
    ['client/extension.ts', "import '@forkline/lint'", 'lint'],
    ['client/extension.ts', "import '../server/session.ts'", 'server/session.ts'],
    ['scripts/build.ts', "import 'vscode'", 'vscode'],
  ])('stops %s from %s', (file, code, target) => {
    const messages = lint(file, code)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain(`\`${target}\``)
  })

  it.each([
    ['runtime/src/pool.ts', "import './group.ts'; import 'node:os'"],
    [
      'lint/rules/no-a-thing.ts',
      "import '../analysis/code/syntax.ts'; import '../fixes/limiter.ts'; import '../rule.ts'",
    ],
    ['lint/rules/index.ts', "import './no-a-thing.ts'"],
    ['lint/linter/linter.ts', "import '../rules/index.ts'; import '../analysis/code/syntax.ts'"],
    ['lint/plugin/index.ts', "import '../linter/linter.ts'; import '@typescript-eslint/utils/eslint-utils'"],
    ['server/server.ts', "import '@forkline/lint'; import 'vscode-languageserver/node'"],
    ['cli/main.ts', "import '@forkline/lint'; export { x } from './run.ts'; import 'commander'"],
    ['client/extension.ts', "import 'vscode'; import '@forkline/server/messages'; import '../server/messages.ts'"],
    ['test/host/suite.ts', "import 'vscode'; import '@forkline/server'"],
  ])('lets %s do %s', (file, code) => {
    expect(lint(file, code)).toEqual([])
  })
})
