import type { Environment } from '@forkline/server/messages'
import * as vscode from 'vscode'

const ESLINT = 'dbaeumer.vscode-eslint'

/** Whether the ESLint extension is enabled; it starts by itself once a file is open. */
export function currentEnvironment(): Environment {
  const installed = vscode.extensions.getExtension(ESLINT) !== undefined
  return { eslintExtension: installed && vscode.workspace.getConfiguration('eslint').get('enable', true) }
}

/** Calls `listener` when {@link currentEnvironment} gives another answer than before. */
export function onEnvironmentChange(listener: (environment: Environment) => void): vscode.Disposable {
  let last = currentEnvironment().eslintExtension
  const check = () => {
    const environment = currentEnvironment()
    if (environment.eslintExtension === last) return
    last = environment.eslintExtension
    listener(environment)
  }
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(check),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('eslint.enable')) check()
    }),
  )
}
