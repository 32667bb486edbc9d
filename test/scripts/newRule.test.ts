import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, resolveConfig } from 'prettier'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { between } from '../../scripts/generate/output.ts'
import { ruleIndex } from '../../scripts/generate/ruleIndex.ts'
import { createRule } from '../../scripts/newRule/createRule.ts'

describe('npm run new-rule', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'forkline-new-rule-'))
  })
  afterEach(async () => {
    await rm(root, { recursive: true })
  })

  it('writes the rule, its test and its page', async () => {
    const written = await createRule(root, 'no-some-mistake')
    expect(written).toEqual([
      'lint/rules/no-some-mistake.ts',
      'test/lint/rules/no-some-mistake.test.ts',
      'docs/rules/no-some-mistake.md',
    ])
    for (const path of written) expect(await readFile(join(root, path), 'utf8')).toContain('no-some-mistake')
  })

  it('writes code that is formatted as the rest is', async () => {
    const config = await resolveConfig(import.meta.filename)
    for (const path of (await createRule(root, 'no-some-mistake')).filter((path) => path.endsWith('.ts'))) {
      const text = await readFile(join(root, path), 'utf8')
      expect(await check(text, { ...config, filepath: path }), path).toBe(true)
    }
  })

  it.each(['mistake', 'No-Some-Mistake', '../no-some-mistake', ''])('refuses the name `%s`', async (id) => {
    await expect(createRule(root, id)).rejects.toThrow('Expected a name of two or more lower-case words')
  })

  it('overwrites nothing', async () => {
    const written = await createRule(root, 'no-some-mistake')
    const page = join(root, written[2] ?? '')
    await writeFile(page, 'mine')
    await expect(createRule(root, 'no-some-mistake')).rejects.toThrow('lint/rules/no-some-mistake.ts exists already')
    expect(await readFile(page, 'utf8')).toBe('mine')
  })
})

describe('npm run generate', () => {
  it('lists the rules in the index', () => {
    const text = ruleIndex(['no-a-thing', 'no-b']).text('')
    expect(text).toContain("import { rule as noAThing } from './no-a-thing.ts'")
    expect(text).toContain('[\n  noAThing,\n  noB,\n]')
  })

  it('replaces what lies between the markers, and only that', () => {
    expect(between('a\n<!-- b -->\nold\n<!-- e -->\nz', 'x.md', '<!-- b -->', '<!-- e -->', 'new\n')).toBe(
      'a\n<!-- b -->\nnew\n<!-- e -->\nz',
    )
  })

  it('names the file that lacks a marker', () => {
    expect(() => between('a', 'x.md', '<!-- b -->', '<!-- e -->', '')).toThrow('in x.md')
  })
})
