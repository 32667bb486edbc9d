import type { FileReport, Message } from '../results.ts'
import type { FormatContext } from './format.ts'
import { relativePath } from './relativePath.ts'

/** Workflow commands that GitHub Actions shows as annotations beside the code. */
export function github(reports: readonly FileReport[], { cwd, env }: FormatContext): string {
  return reports
    .flatMap(({ filePath, messages }) => {
      // Actions resolves paths from the checkout, wherever the step runs.
      const workspace = env['GITHUB_WORKSPACE']
      const file = (workspace && relativePath(filePath, workspace)) ?? relativePath(filePath, cwd) ?? filePath
      return messages.map((message) => `${annotation(file, message)}\n`)
    })
    .join('')
}

function annotation(file: string, message: Message): string {
  const { line, column, endLine = line, endColumn } = message
  const properties: [string, string | number][] = [
    ['file', file],
    ['line', line],
    ['endLine', endLine],
  ]
  // Columns that span several lines are refused.
  if (endLine === line) {
    properties.push(['col', column])
    if (endColumn !== undefined) properties.push(['endColumn', endColumn])
  }
  properties.push(['title', message.ruleId ?? 'forkline'])
  const command = message.severity === 2 ? 'error' : 'warning'
  const shown = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')
  return `::${command} ${shown}::${escapeData(message.message)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
