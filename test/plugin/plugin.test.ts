import { readFileSync } from 'node:fs'
import { rules } from '@forkline/lint'
import type { Linter } from 'eslint'
import { plugin } from 'eslint-plugin-forkline'
import { describe, expect, it } from 'vitest'
import { EslintProject } from './project.ts'

const recommended = plugin.configs.recommended as Linter.Config
const strict = plugin.configs.strict as Linter.Config

const MODULES = {
  'api.ts': 'export declare function send(id: string): Promise<void>',
  'main.ts': [
    "import { send } from './api.js'",
    'export async function sendAll(ids: string[]): Promise<void> {',
    '  ids.forEach(async (id) => {',
    '    await send(id)',
    '  })',
    '}',
    '',
  ].join('\n'),
}

describe('the plugin', () => {
  it('is called as its package', () => {
    const text = readFileSync(new URL('../../lint/plugin/package.json', import.meta.url), 'utf8')
    const { name, version } = JSON.parse(text) as { name: string; version: string }
    expect(plugin.meta).toEqual({ name, version })
  })

  it('has every rule, with its page, its options and its level', () => {
    expect(Object.keys(plugin.rules)).toEqual(rules.map(({ id }) => id))
    for (const { id, meta } of rules) {
      const wrapped = plugin.rules[id]
      expect(wrapped?.meta.docs?.description).toBe(meta.description)
      expect(wrapped?.meta.docs?.url).toContain(`docs/rules/${id}.md`)
      expect(wrapped?.meta.fixable).toBe(meta.fixable ? 'code' : undefined)
      expect(wrapped?.meta.hasSuggestions).toBe(meta.hasSuggestions)
      expect(wrapped?.meta.defaultOptions).toMatchObject([{ level: meta.optIn ? 'possible' : 'likely' }])
    }
  })
})

describe('the presets', () => {
  it('make an error of what is certain and a warning of the rest', () => {
    for (const { id, meta } of rules) {
      const severity = meta.level === 'certain' ? 'error' : 'warn'
      expect(recommended.rules?.[`forkline/${id}`]).toBe(meta.level === 'possible' ? undefined : severity)
      expect(strict.rules?.[`forkline/${id}`]).toEqual(meta.optIn ? undefined : [severity, { level: 'possible' }])
    }
  })

  it('bring the same plugin along, so that both fit into one configuration', () => {
    expect(recommended.plugins?.['forkline']).toBe(plugin)
    expect(strict.plugins?.['forkline']).toBe(plugin)
  })
})

describe('ESLint with projectService', () => {
  it('reports, typed through other modules', async () => {
    await using project = await EslintProject.create(MODULES)
    const [, main] = await project.lint(recommended)
    expect(main?.messages).toMatchObject([{ ruleId: 'forkline/no-async-foreach', severity: 2, line: 3 }])
    expect(main?.messages[0]?.suggestions?.length).toBeGreaterThan(0)
  })

  it('obeys a disable comment and reports one that disables nothing', async () => {
    const disable = '// eslint-disable-next-line forkline/no-async-foreach -- sent twice on purpose'
    await using project = await EslintProject.create({
      ...MODULES,
      'main.ts': MODULES['main.ts'].replace('  ids.', `  ${disable}\n  ids.`),
      'unused.ts': `${disable}\nexport const one = 1\n`,
    })
    const [, main, unused] = await project.lint(recommended)
    expect(main?.messages).toEqual([])
    expect(main?.suppressedMessages).toMatchObject([
      { ruleId: 'forkline/no-async-foreach', suppressions: [{ justification: 'sent twice on purpose' }] },
    ])
    expect(unused?.messages.map(({ message }) => message)).toEqual([
      "Unused eslint-disable directive (no problems were reported from 'forkline/no-async-foreach').",
    ])
  })

  it('turns a rule off, and reports an option that it does not know', async () => {
    await using project = await EslintProject.create(MODULES)
    const [, main] = await project.lint(recommended, { rules: { 'forkline/no-async-foreach': 'off' } })
    expect(main?.messages).toEqual([])
    const unknown = project.lint(recommended, { rules: { 'forkline/no-async-foreach': ['warn', { colour: 'red' }] } })
    await expect(unknown).rejects.toThrow('colour')
  })

  it('fixes what a rule may fix without asking', async () => {
    await using project = await EslintProject.create({
      'api.ts': 'export declare function price(item: string): Promise<number>\n',
      'main.ts': [
        "import { price } from './api.js'",
        'const totals = { cents: 0 }',
        'export async function priceBoth(items: [string, string]): Promise<number> {',
        '  await Promise.all(items.map(async (item) => {',
        '    totals.cents += await price(item)',
        '  }))',
        '  return totals.cents',
        '}',
        '',
      ].join('\n'),
    })
    const [, main] = await project.lint(recommended, { fix: true })
    expect(main?.messages).toEqual([])
    expect(main?.output).not.toContain('+= await')
    expect(main?.output).toContain('await price(item)')
  })

  it('says how to get type information where there is none', async () => {
    await using project = await EslintProject.create(MODULES)
    await expect(project.lint(recommended, { typed: false })).rejects.toThrow('which requires type information')
  })
})
