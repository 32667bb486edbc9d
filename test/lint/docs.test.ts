import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { lint, type Rule, rules } from '@forkline/lint'
import { describe, expect, it } from 'vitest'
import { absolute, compilerErrors, programOf } from './harness/virtualProject.ts'

const PAGES = fileURLToPath(new URL('../../docs/rules/', import.meta.url))

interface Block {
  readonly language: string
  readonly code: string
  /** One-based, in the page. */
  readonly line: number
}

/** The code blocks of a page by the `##` heading they stand under. */
function blocksOf(page: string): ReadonlyMap<string, readonly Block[]> {
  const sections = new Map<string, Block[]>()
  let section: Block[] = []
  let open: { readonly language: string; readonly line: number; readonly code: string[] } | undefined
  for (const [index, line] of page.split('\n').entries()) {
    const heading = /^## (?<title>.+)$/u.exec(line)?.groups?.['title']
    const fence = /^```(?<language>\w*)$/u.exec(line)?.groups
    if (open !== undefined && fence !== undefined) {
      section.push({ language: open.language, code: open.code.join('\n'), line: open.line })
      open = undefined
    } else if (open !== undefined) open.code.push(line)
    else if (fence !== undefined) open = { language: fence['language'] ?? '', line: index + 2, code: [] }
    else if (heading !== undefined) sections.set(heading, (section = sections.get(heading) ?? []))
  }
  return sections
}

/** The options in a block's first line, `// options: {…}`. */
function optionsOf({ code }: Block): object {
  const json = /^\/\/ options: (?<json>.+)$/mu.exec(code)?.groups?.['json']
  return json === undefined ? {} : (JSON.parse(json) as object)
}

function ruleIdsIn(rule: Rule, block: Block, level: 'likely' | 'possible'): string[] {
  const name = `page.${block.language}`
  const program = programOf({ [name]: block.code })
  const sourceFile = program.getSourceFile(absolute(name))
  if (sourceFile === undefined) throw new Error(`A block must be ts, tsx, js or jsx, not \`${block.language}\``)
  expect(compilerErrors(program, name).syntax, 'syntax errors of the block').toEqual([])
  const settings = { [rule.id]: { severity: 'default' as const, options: optionsOf(block) } }
  return lint(program, sourceFile, { level, rules: settings }).findings.map(({ ruleId }) => ruleId)
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('docs/rules/%s.md', (id, rule) => {
  const path = `${PAGES}${id}.md`
  const page = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const sections = blocksOf(page)
  const wrong = sections.get('Wrong') ?? []
  const right = sections.get('Right') ?? []

  it('has the heading and the description of the rule', () => {
    expect(page.split('\n').slice(0, 3)).toEqual([`# forkline/${id}`, '', `> ${rule.meta.description}.`])
  })

  it('has something wrong and something right to show', () => {
    expect([wrong.length > 0, right.length > 0]).toEqual([true, true])
  })

  it('explains exactly the options of the rule', () => {
    const declared = Object.keys(rule.optionsSchema['properties'] ?? {})
    const [, text = ''] = page.split('\n## Options\n')
    const [own = ''] = text.split('\n## ')
    const explained = [...own.matchAll(/^### `(?<name>\w+)`$/gmu)].map(({ groups }) => groups?.['name'])
    expect(explained.sort()).toEqual(declared.sort())
  })

  it.each(wrong.map((block) => [block.line, block] as const))('is reported in the block of line %i', (_, block) => {
    expect(ruleIdsIn(rule, block, 'possible')).toContain(id)
  })

  it.each(right.map((block) => [block.line, block] as const))('is quiet in the block of line %i', (_, block) => {
    expect(ruleIdsIn(rule, block, 'likely')).toEqual([])
  })
})
