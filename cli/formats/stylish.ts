import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import pico from 'picocolors'
import { type FileReport, type Message, totals } from '../results.ts'
import type { FormatContext } from './format.ts'

type Colors = ReturnType<typeof pico.createColors>

/** For people at a terminal: by file, with level and second places of each finding. Empty when nothing was found. */
export function stylish(reports: readonly FileReport[], { cwd, color }: FormatContext): string {
  const colors = pico.createColors(color)
  const blocks = reports
    .filter((report) => report.messages.length > 0)
    .map((report) => `\n${colors.underline(report.filePath)}\n${fileBlock(report, cwd, colors)}`)
  return blocks.length === 0 ? '' : `${blocks.join('')}\n${summary(reports, colors)}\n`
}

function fileBlock({ filePath, messages }: FileReport, cwd: string, colors: Colors): string {
  const rows = messages.map((message) => [
    colors.dim(`${String(message.line)}:${String(message.column)}`),
    message.severity === 2 ? colors.red('error') : colors.yellow('warning'),
    colors.dim(message.level ?? ''),
  ])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => width(row[column] ?? ''))))
  return messages
    .map((message, index) => {
      const cells = (rows[index] ?? []).map((cell, column) => pad(cell, widths[column] ?? 0, column === 0))
      // Messages are sentences: to line up what follows them would push it off the screen.
      const rule = message.ruleId === null ? '' : `  ${colors.dim(message.ruleId)}`
      const finding = `  ${cells.join('  ')}  ${withoutFullStop(message.message)}${rule}\n`
      return finding + relatedLines(message, filePath, cwd, widths[0] ?? 0, colors)
    })
    .join('')
}

function relatedLines(message: Message, filePath: string, cwd: string, indent: number, colors: Colors): string {
  return (message.related ?? [])
    .map((related) => {
      const position = `${String(related.line)}:${String(related.column)}`
      const at = related.filePath === filePath ? position : `${path.relative(cwd, related.filePath)}:${position}`
      return `  ${' '.repeat(indent)}  ${colors.dim(`↳ ${at}`)}  ${withoutFullStop(related.message)}\n`
    })
    .join('')
}

function summary(reports: readonly FileReport[], colors: Colors): string {
  const { errors, warnings, fixableErrors, fixableWarnings } = totals(reports)
  const paint = (text: string): string => colors.bold(errors > 0 ? colors.red(text) : colors.yellow(text))
  const problems = `${count(errors + warnings, 'problem')} (${count(errors, 'error')}, ${count(warnings, 'warning')})`
  const lines = [paint(`✖ ${problems}`)]
  if (fixableErrors + fixableWarnings > 0) {
    const fixable = `${count(fixableErrors, 'error')} and ${count(fixableWarnings, 'warning')}`
    lines.push(paint(`  ${fixable} potentially fixable with the \`--fix\` option.`))
  }
  return lines.join('\n')
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`
}

function withoutFullStop(text: string): string {
  return text.endsWith('.') && !text.endsWith('..') ? text.slice(0, -1) : text
}

function width(text: string): number {
  return stripVTControlCharacters(text).length
}

function pad(text: string, to: number, right: boolean): string {
  const space = ' '.repeat(to - width(text))
  return right ? space + text : text + space
}
