import type { Rule } from '@forkline/lint'
import { describe, expect, it } from 'vitest'
import { applyPatch } from '../harness/face.ts'
import { lintWithOwnFace } from '../harness/ownFace.ts'
import { compilerErrors, programOf } from '../harness/virtualProject.ts'

/** What the fixes and suggestions of a rule make of some code, by title; the results must have no new error. */
function offers(rule: unknown, code: string, filename = 'file.ts'): Readonly<Record<string, string>> {
  const { shown } = lintWithOwnFace(rule as Rule, { code, filename, files: {}, options: {}, level: 'possible' })
  const all = shown.flatMap(({ fix, suggestions }) => [
    ...(fix === null ? [] : [{ title: 'fix', output: applyPatch(code, fix) }]),
    ...suggestions,
  ])
  const errorsIn = (text: string): string => {
    const { syntax, types } = compilerErrors(programOf({ [filename]: text }), filename)
    return [...syntax, ...types].join('; ')
  }
  const before = errorsIn(code)
  for (const { output } of all) expect(errorsIn(output), output).toBe(before)
  expect(shown.length, 'findings').toBeGreaterThan(0)
  return Object.fromEntries(all.map(({ title, output }) => [title, output]))
}

const LIB = 'declare function save(x: unknown): Promise<string>\ndeclare const items: string[]\nexport {}\n'

/** What a rule offers for code that is written in a way that few write. */
export interface OddCase {
  readonly name: string
  readonly rule: unknown
  readonly code: string
  /** Of the suggestion, or `fix`. */
  readonly title: string
  /** What stands in the text after it; undefined where it is not offered. */
  readonly becomes: string | undefined
  /** `file.ts` unless it matters. */
  readonly filename?: string
  /** What stands before it, unless that is what most need: functions with types. */
  readonly lib?: string
}

/** Checks what is offered in each of the cases, and the same with Windows line ends. */
export function describeOddCases(name: string, cases: readonly OddCase[]): void {
  describe(name, () => {
    it.each(cases)('$name', ({ rule, code, title, becomes, filename, lib = LIB }) => {
      const output = offers(rule, lib + code, filename)[title]
      if (becomes === undefined) expect(output).toBeUndefined()
      else expect(output).toContain(becomes)
    })

    it.each(cases.filter(({ becomes }) => becomes !== undefined))(
      'and with Windows line ends: $name',
      ({ rule, code, title, filename, lib = LIB }) => {
        const output = offers(rule, (lib + code).replaceAll('\n', '\r\n'), filename)[title]
        expect(output?.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u)
      },
    )
  })
}
