import type { Rule } from '@forkline/lint'
import * as typescriptParser from '@typescript-eslint/parser'
import { type ESLint, Linter } from 'eslint'
import { toEslintRule } from '../../../lint/plugin/eslintRule.ts'
import type { Shown, Subject } from './face.ts'
import { applyPatch } from './face.ts'
import { absolute, programOf, ROOT } from './virtualProject.ts'

/** Lints a case through the ESLint plugin, on the program that our own face sees. */
export function lintWithEslint(rule: Rule, subject: Subject): readonly Shown[] {
  const { code, filename } = subject
  const messages = new Linter({ cwd: ROOT }).verify(code, configOf(rule, subject), { filename: absolute(filename) })
  return messages.map((message) => {
    if (message.fatal === true) throw new Error(`ESLint cannot lint the case: ${message.message}\n${code}`)
    return {
      message: message.message,
      line: message.line,
      column: message.column,
      endLine: message.endLine ?? Number.NaN,
      endColumn: message.endColumn ?? Number.NaN,
      fix: message.fix ?? null,
      suggestions: (message.suggestions ?? []).map(({ desc, fix }) => ({ title: desc, output: applyPatch(code, fix) })),
    }
  })
}

/** The text after `eslint --fix`. */
export function fixWithEslint(rule: Rule, subject: Subject): string {
  const options = { filename: absolute(subject.filename) }
  return new Linter({ cwd: ROOT }).verifyAndFix(subject.code, configOf(rule, subject), options).output
}

function configOf(rule: Rule, subject: Subject): Linter.Config[] {
  const plugin = { rules: { [rule.id]: toEslintRule(rule) } } as unknown as ESLint.Plugin
  return [
    {
      files: ['**/*.*'],
      plugins: { forkline: plugin },
      languageOptions: { parser: parserOf(subject) },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
      rules: { [`forkline/${rule.id}`]: ['error', { ...subject.options, level: subject.level }] },
    },
  ]
}

/** typescript-eslint's parser on a program of the text that ESLint has at hand, which changes between fix passes. */
function parserOf({ filename, files }: Subject): Linter.Parser {
  return {
    meta: typescriptParser.meta,
    parseForESLint(code, options) {
      const programs = [programOf({ ...files, [filename]: code })]
      const parserOptions = options as typescriptParser.ParserOptions
      return typescriptParser.parseForESLint(code, {
        ...parserOptions,
        programs,
      }) as unknown as Linter.ESLintParseResult
    },
  }
}
