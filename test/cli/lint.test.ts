import { describe, expect, it } from 'vitest'
import { matching } from './matching.ts'
import { Sandbox } from './sandbox.ts'

describe('exit code', () => {
  it.each([
    ['0 without findings', 'fine', [], 0],
    ['0 with warnings', 'doubtful', [], 0],
    ['1 with errors', 'wrong', [], 1],
    ['0 with as many warnings as allowed', 'doubtful', ['--max-warnings', '1'], 0],
    ['1 with more warnings than allowed', 'doubtful; doubtful', ['--max-warnings', '1'], 1],
    ['1 with hidden warnings that are too many', 'doubtful', ['--max-warnings', '0', '--quiet'], 1],
    ['0 when a rule is off', 'wrong', ['--rule', 'no-certain:off'], 0],
    ['1 when a warning is raised to an error', 'doubtful', ['--rule', 'forkline/no-likely: error'], 1],
    ['0 when an error is lowered to a warning', 'wrong', ['--rule', 'no-certain:1'], 0],
    ['0 when the last setting of a rule is off', 'wrong', ['--rule', 'no-certain:error', '--rule', 'no-certain:0'], 0],
  ])('%s', async (_name, text, args, exitCode) => {
    expect((await new Sandbox({ 'a.ts': text }).run(['lint', ...args])).exitCode).toBe(exitCode)
  })

  it('2 when the command cannot run', async () => {
    const sandbox = new Sandbox({ 'a.ts': '' })
    const wrong: [args: string[], stderr: string][] = [
      [[], 'Usage:'],
      [['rum'], "unknown command 'rum'"],
      [['run'], "missing required argument 'command'"],
      [['lint', '--nonsense'], "unknown option '--nonsense'"],
      [['lint', '--format', 'xml'], 'Allowed choices are stylish, json, sarif, github'],
      [['lint', '--level', 'sure'], 'Allowed choices are certain, likely, possible'],
      [['lint', '--max-warnings', 'many'], 'Expected a whole number'],
      [['lint', '--fix', '--fix-dry-run'], 'cannot be used with option'],
      [['lint', '--rule', 'no-certain'], 'Expected --rule id:severity'],
      [['lint', '--rule', 'no-certain:loud'], 'Expected the severity off, warn or error'],
      [['lint', '--rule', 'no-certian:error'], "There is no rule 'no-certian'. Did you mean 'no-certain'?"],
      [['lint', '--rule', 'forkline/entirely-different:error'], '`forkline rules` lists all'],
      [['lint', '--tsconfig', 'missing.json'], "There is no config file 'missing.json'"],
    ]
    for (const [args, stderr] of wrong) {
      const ran = await sandbox.run(args)
      expect(ran, args.join(' ')).toMatchObject({ exitCode: 2, stdout: '' })
      expect(ran.stderr).toContain(stderr)
    }
  })

  it('0 for help and version', async () => {
    const sandbox = new Sandbox({})
    expect(await sandbox.run(['--version'])).toMatchObject({ exitCode: 0, stdout: matching(/^\d+\.\d+\.\d+\n$/u) })
    const help = await sandbox.run(['lint', '--help'])
    expect(help.exitCode).toBe(0)
    expect(help.stdout).toContain('--fix-dry-run')
    expect(help.stdout).not.toContain('--trace')
  })
})

describe('levels', () => {
  it.each([
    ['certain', 1],
    ['likely', 2],
    ['possible', 3],
  ])('--level %s', async (level, count) => {
    const { reports } = await new Sandbox({ 'a.ts': 'wrong; doubtful; curious' }).lintJson('--level', level)
    expect(reports.get('a.ts')?.messages).toHaveLength(count)
  })

  it('are likely by default', async () => {
    const { reports } = await new Sandbox({ 'a.ts': 'wrong; doubtful; curious' }).lintJson()
    const shown = reports.get('a.ts')?.messages.map(({ level, severity }) => [level, severity])
    expect(shown).toEqual([
      ['certain', 2],
      ['likely', 1],
    ])
  })
})

describe('--quiet', () => {
  it('shows errors only, and only files that have some', async () => {
    const { reports } = await new Sandbox({ 'a.ts': 'doubtful', 'b.ts': 'doubtful; wrong' }).lintJson('--quiet')
    expect([...reports.keys()]).toEqual(['b.ts'])
    expect(reports.get('b.ts')).toMatchObject({
      errorCount: 1,
      warningCount: 0,
      messages: [{ ruleId: 'forkline/no-certain' }],
    })
  })
})

describe('comments', () => {
  it('suppress findings, which are kept apart with their reason', async () => {
    const { reports, exitCode } = await new Sandbox({
      'a.ts': '// eslint-disable-next-line forkline/no-certain -- it is fine\nwrong\n',
    }).lintJson()
    expect(exitCode).toBe(0)
    expect(reports.get('a.ts')).toMatchObject({
      messages: [],
      suppressedMessages: [
        { ruleId: 'forkline/no-certain', suppressions: [{ kind: 'directive', justification: 'it is fine' }] },
      ],
    })
  })

  it('that suppress nothing are reported when that is asked for', async () => {
    const sandbox = new Sandbox({ 'a.ts': '// eslint-disable-next-line forkline/no-certain\nfine\n' })
    expect((await sandbox.lintJson()).exitCode).toBe(0)
    const { reports, exitCode } = await sandbox.lintJson('--report-unused-disable-directives')
    expect(exitCode).toBe(1)
    expect(reports.get('a.ts')?.messages).toMatchObject([
      { ruleId: null, severity: 2, line: 1, message: matching(/^Unused eslint-disable-next-line directive/u) },
    ])
  })

  it('that cannot be understood are reported always', async () => {
    const text = '// eslint-disable-next-line forkline/no-such-rule\nfine\n'
    const { reports } = await new Sandbox({ 'a.ts': text }).lintJson()
    const messages = reports.get('a.ts')?.messages
    expect(messages).toMatchObject([{ ruleId: null, severity: 2, message: matching('no-such-rule') }])
  })
})

describe('config files', () => {
  const source = { 'src/a.ts': 'wrong' }

  it.each([
    ['none', {}],
    ['one', { 'tsconfig.json': '{ "include": ["src"] }' }],
    ['one that takes in nothing', { 'tsconfig.json': '{ "files": [] }' }],
    ['one in another project', { 'other/tsconfig.json': '{}' }],
  ])('work with %s', async (_name, files) => {
    expect(await new Sandbox({ ...source, ...files }).lintJson()).toMatchObject({ exitCode: 1, stderr: '' })
  })

  it('that are broken are named on stderr, and the files are linted all the same', async () => {
    const tsconfig = '{\n  "compilerOptions": { "target": "es1000" } oops\n}'
    const sandbox = new Sandbox({ ...source, 'tsconfig.json': tsconfig })
    const { exitCode, stderr, reports } = await sandbox.lintJson()
    expect(exitCode).toBe(1)
    expect(reports.get('src/a.ts')?.errorCount).toBe(1)
    expect(stderr).toContain(`${sandbox.path('tsconfig.json')}:2: `)
  })

  it('can be named, as a file or as a folder', async () => {
    const sandbox = new Sandbox({
      ...source,
      'config/tsconfig.json': '{ "include": ["../src"] }',
      'tsconfig.json': '{ broken',
    })
    for (const tsconfig of ['config/tsconfig.json', 'config', sandbox.path('config')]) {
      expect(await sandbox.lintJson('--tsconfig', tsconfig)).toMatchObject({ exitCode: 1, stderr: '' })
    }
  })
})

describe('syntax errors', () => {
  it('leave findings, without fixes', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'mendable; doubtful; const = ;' })
    const { reports } = await sandbox.lintJson('--fix')
    const messages = reports.get('a.ts')?.messages ?? []
    expect(messages.map(({ ruleId }) => ruleId)).toEqual(['forkline/no-certain', 'forkline/no-likely'])
    expect(messages.filter((message) => 'fix' in message || 'suggestions' in message)).toEqual([])
    expect(sandbox.read('a.ts')).toBe('mendable; doubtful; const = ;')
  })

  it('are an error of their own where nothing was found', async () => {
    const { reports, exitCode } = await new Sandbox({ 'a.ts': 'fine\nconst = ;' }).lintJson()
    expect(exitCode).toBe(1)
    expect(reports.get('a.ts')).toMatchObject({ errorCount: 1, fatalErrorCount: 1 })
    expect(reports.get('a.ts')?.messages).toEqual([
      { ruleId: null, fatal: true, severity: 2, line: 2, column: 7, message: matching(/^Parsing error: /u) },
    ])
  })

  it('are not what types in JavaScript files are', async () => {
    const { reports } = await new Sandbox({ 'a.js': 'const a: number = 1' }).lintJson()
    expect(reports.get('a.js')?.messages).toEqual([])
  })

  it('are not what type errors are', async () => {
    expect((await new Sandbox({ 'a.ts': 'export const a: number = "text"' }).lintJson()).exitCode).toBe(0)
  })
})

describe('a rule that fails', () => {
  it('is told of once; the others go on, and their errors decide the exit code', async () => {
    const sandbox = new Sandbox({ 'a.ts': '\nboom; wrong', 'b.ts': 'boom' })
    const { exitCode, reports, stderr } = await sandbox.lintJson()
    expect(exitCode).toBe(1)
    expect(reports.get('a.ts')?.errorCount).toBe(1)
    expect(stderr.match(/The rule forkline\/no-crash failed/gu)).toHaveLength(1)
    expect(stderr).toContain('a.ts:2 (and in 1 more file)')
    expect(stderr).toContain('the rule failed')
  })

  it('makes a run without errors end with 2', async () => {
    expect((await new Sandbox({ 'a.ts': 'boom' }).lintJson()).exitCode).toBe(2)
  })

  it('only when it is asked for a fix keeps its finding', async () => {
    const { reports, stderr, exitCode } = await new Sandbox({ 'a.ts': 'badFix' }).lintJson('--fix')
    expect(reports.get('a.ts')?.messages).toMatchObject([{ message: 'Fails later.' }])
    expect(stderr).toContain('the fix failed')
    expect(exitCode).toBe(2)
  })
})
