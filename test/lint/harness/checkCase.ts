import type { Finding, Rule } from '@forkline/lint'
import { expect } from 'vitest'
import type { Case, ExpectedError, InvalidCase, ValidCase } from './case.ts'
import { fixWithEslint, lintWithEslint } from './eslintFace.ts'
import type { Shown, Subject } from './face.ts'
import { fixWithOwnFace, lintWithOwnFace } from './ownFace.ts'
import { compilerErrors, programOf } from './virtualProject.ts'

function toSubject<Options>(case_: Case<Options>): Subject {
  const { code, filename = 'file.ts', files = {}, level = 'likely', options = {} } = case_
  return { code, filename, files, level, options }
}

/**
 * Proves that both faces stay quiet.
 *
 * @throws {Error} When either reports something, or the case has syntax errors.
 */
export function checkValid<Options>(rule: Rule<Options>, valid: ValidCase<Options>): void {
  const subject = toSubject(typeof valid === 'string' ? { code: valid } : valid)
  requireSyntax(subject, subject.code, 'The case')
  const { shown } = lintWithOwnFace(rule, subject)
  expect(shown, 'the case is valid, so nothing must be reported').toEqual([])
  expect(lintWithEslint(rule, subject), 'the ESLint face must report nothing either').toEqual([])
}

/**
 * Proves that both faces report what the case expects, and mend it in the same, sound way.
 *
 * @throws {Error} When they report, fix or suggest something else, disagree, leave the text worse, or mend nothing.
 */
export function checkInvalid<Options>(rule: Rule<Options>, expected: InvalidCase<Options>): void {
  const subject = toSubject(expected)
  requireSyntax(subject, subject.code, 'The case')
  const { findings, shown } = lintWithOwnFace(rule, subject)
  const views = findings.map((finding, index) => viewLike(expected.errors[index], finding, shown[index]))
  expect(views, 'findings').toEqual(expected.errors.map(toPattern))

  const output = fixWithOwnFace(rule, subject)
  expect(output === subject.code ? null : output, 'text after all fixes').toEqual(expected.output ?? null)

  expect(lintWithEslint(rule, subject), 'the ESLint face must show what our linter shows').toEqual(shown)
  expect(fixWithEslint(rule, subject), 'ESLint must fix as our linter does').toEqual(output)

  requireSound(subject, output, 'The fixed text')
  for (const { message, suggestions } of shown) {
    for (const { title, output: suggested } of suggestions) {
      requireSound(subject, suggested, `The text after the suggestion \`${title}\``)
      requireMended(rule, { ...subject, code: suggested }, message, countOf(message, shown) - 1, title)
    }
  }
}

/** Who takes a suggestion wants to hear no more of what it is for. */
function requireMended<Options>(
  rule: Rule<Options>,
  subject: Subject,
  message: string,
  others: number,
  title: string,
): void {
  if (countOf(message, lintWithOwnFace(rule, subject).shown) <= others) return
  throw new Error(`The suggestion \`${title}\` leaves the finding as it was: ${message}\n\n${subject.code}`)
}

function countOf(message: string, shown: readonly Shown[]): number {
  return shown.filter((one) => one.message === message).length
}

/** The finding, cut down to what the case speaks of, so that a difference reads well. */
function viewLike(expected: ExpectedError | undefined, finding: Finding, shown: Shown | undefined): object {
  const full = {
    message: finding.message,
    level: finding.level,
    ...shown,
    related: finding.related.map(({ message }) => message),
  }
  const named = Object.entries(full).filter(([key]) => expected === undefined || key in expected)
  return { ...Object.fromEntries(named.filter(([key]) => key !== 'fix')), suggestions: full.suggestions ?? [] }
}

function toPattern({ message, ...rest }: ExpectedError): object {
  return {
    ...(message !== undefined && {
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    }),
    ...rest,
    suggestions: rest.suggestions ?? [],
  }
}

function requireSyntax({ filename, files }: Subject, code: string, what: string): void {
  const { syntax } = compilerErrors(programOf({ ...files, [filename]: code }), filename)
  if (syntax.length > 0) throw new Error(`${what} has syntax errors: ${syntax.join('; ')}\n\n${code}`)
}

function requireSound(subject: Subject, code: string, what: string): void {
  if (code === subject.code) return
  requireSyntax(subject, code, what)
  const before = typeErrors(subject, subject.code)
  const added = typeErrors(subject, code).filter((error) => {
    const index = before.indexOf(error)
    if (index >= 0) before.splice(index, 1)
    return index < 0
  })
  if (added.length > 0) throw new Error(`${what} has new type errors: ${added.join('; ')}\n\n${code}`)
}

function typeErrors({ filename, files }: Subject, code: string): string[] {
  return compilerErrors(programOf({ ...files, [filename]: code }), filename).types
}
