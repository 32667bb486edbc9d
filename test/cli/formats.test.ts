import { describe, expect, it } from 'vitest'
import { matching } from './matching.ts'
import { Sandbox } from './sandbox.ts'
import { checkSarif, type SarifLog } from './sarif.ts'

describe('json', () => {
  it("is ESLint's result format, with what Forkline knows beyond it", async () => {
    const text = 'fine\nwrong // 1\n  doubtful\n  mendable\n'
    const sandbox = new Sandbox({ 'src/a b.ts': text, 'clean.ts': '' })
    const { reports, stdout } = await sandbox.lintJson()
    expect(stdout.endsWith(']\n')).toBe(true)
    expect(reports.get('clean.ts')).toEqual({
      filePath: sandbox.path('clean.ts'),
      messages: [],
      suppressedMessages: [],
      errorCount: 0,
      fatalErrorCount: 0,
      warningCount: 0,
      fixableErrorCount: 0,
      fixableWarningCount: 0,
      usedDeprecatedRules: [],
    })
    const known = (name: string): string => `The name ${name} is known.`
    const related = (line: number, column: number): object[] => [
      { filePath: sandbox.path('src/a b.ts'), line, column, message: 'It stands here' },
    ]
    expect(reports.get('src/a b.ts')).toEqual({
      filePath: sandbox.path('src/a b.ts'),
      messages: [
        {
          ruleId: 'forkline/no-certain',
          severity: 2,
          message: known('wrong'),
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 6,
          family: 'race',
          level: 'certain',
          related: related(2, 1),
        },
        {
          ruleId: 'forkline/no-likely',
          severity: 1,
          message: known('doubtful'),
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 11,
          family: 'race',
          level: 'likely',
          related: related(3, 3),
          suggestions: [{ desc: 'Replace by plain', fix: { range: [18, 26], text: 'plain' } }],
        },
        {
          ruleId: 'forkline/no-certain',
          severity: 2,
          message: known('mendable'),
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 11,
          family: 'race',
          level: 'certain',
          related: related(4, 3),
          fix: { range: [29, 37], text: 'sound' },
        },
      ],
      suppressedMessages: [],
      errorCount: 2,
      fatalErrorCount: 0,
      warningCount: 1,
      fixableErrorCount: 1,
      fixableWarningCount: 0,
      source: text,
      usedDeprecatedRules: [],
    })
  })
})

describe('stylish', () => {
  it('shows place, severity, message, level and rule, second places, and a summary', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'mendable\n\n  doubtful\n', 'b.ts': 'fine' })
    const { stdout } = await sandbox.run(['lint'])
    expect(stdout).toBe(
      [
        '',
        sandbox.path('a.ts'),
        '  1:1  error    certain  The name mendable is known  forkline/no-certain',
        '       ↳ 1:1  It stands here',
        '  3:3  warning  likely   The name doubtful is known  forkline/no-likely',
        '       ↳ 3:3  It stands here',
        '',
        '✖ 2 problems (1 error, 1 warning)',
        '  1 error and 0 warnings potentially fixable with the `--fix` option.',
        '',
      ].join('\n'),
    )
  })

  it('says nothing when there is nothing to say', async () => {
    expect(await new Sandbox({ 'a.ts': 'fine' }).run(['lint'])).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  })

  it('uses colors where they are wanted, and not with --no-color', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong' })
    const colors = { env: { FORCE_COLOR: '1' } }
    expect((await sandbox.run(['lint'], colors)).stdout).toContain('\u001B[31merror')
    expect((await sandbox.run(['lint', '--no-color'], colors)).stdout).not.toContain('\u001B')
  })

  it('names too many warnings', async () => {
    const { stderr } = await new Sandbox({ 'a.ts': 'doubtful' }).run(['lint', '--max-warnings', '0'])
    expect(stderr).toBe('forkline: Found too many warnings (maximum: 0).\n')
  })
})

describe('github', () => {
  it('writes one escaped annotation per message', async () => {
    const sandbox = new Sandbox({ 'src/a,b.ts': 'fine; special\ndoubtful' })
    const { stdout } = await sandbox.run(['lint', '--format', 'github'])
    expect(stdout).toBe(
      [
        '::error file=src/a%2Cb.ts,line=1,endLine=1,col=7,endColumn=14,title=forkline/no-certain'
          + '::100%25 of it: two%0Alines, and more',
        '::warning file=src/a%2Cb.ts,line=2,endLine=2,col=1,endColumn=9,title=forkline/no-likely'
          + '::The name doubtful is known.',
        '',
      ].join('\n'),
    )
  })

  it('writes paths from the checkout', async () => {
    const sandbox = new Sandbox({ 'pkg/a.ts': 'wrong' })
    const host = { cwd: sandbox.path('pkg'), env: { GITHUB_WORKSPACE: sandbox.folder } }
    expect((await sandbox.run(['lint', '--format', 'github'], host)).stdout).toContain('file=pkg/a.ts,')
  })
})

describe('sarif', () => {
  const lintSarif = async (sandbox: Sandbox, ...args: string[]): Promise<SarifLog> =>
    checkSarif((await sandbox.run(['lint', '--format', 'sarif', ...args])).stdout)

  it('has rules with pages, places, fixes and suppressions', async () => {
    const sandbox = new Sandbox({
      'src/a b.ts': 'mendable\ndoubtful\nwrong // eslint-disable-line forkline/no-certain -- known\n',
      'c.ts': 'wrong',
    })
    sandbox.write('eslint-suppressions.json', '{ "c.ts": { "forkline/no-certain": { "count": 1 } } }')
    const {
      runs: [run],
    } = await lintSarif(sandbox)
    expect(run?.tool.driver.rules.map(({ id, helpUri }) => [id, helpUri])).toContainEqual([
      'forkline/no-certain',
      'https://github.com/forkline/forkline/blob/main/docs/rules/no-certain.md',
    ])
    const results = run?.results ?? []
    expect(results.map(({ ruleId, level, suppressions }) => [ruleId, level, suppressions])).toEqual([
      ['forkline/no-certain', 'error', [{ kind: 'external', status: 'accepted' }]],
      ['forkline/no-certain', 'error', undefined],
      ['forkline/no-likely', 'warning', undefined],
      ['forkline/no-certain', 'error', [{ kind: 'inSource', status: 'accepted', justification: 'known' }]],
    ])
    expect(results[1]).toMatchObject({
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/a%20b.ts', uriBaseId: '%SRCROOT%' },
            region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 9 },
          },
        },
      ],
      relatedLocations: [{ message: { text: 'It stands here' } }],
      fixes: [
        {
          artifactChanges: [
            { replacements: [{ deletedRegion: { charOffset: 0, charLength: 8 }, insertedContent: { text: 'sound' } }] },
          ],
        },
      ],
    })
    expect(results[2]).toMatchObject({ fixes: [{ description: { text: 'Replace by plain' } }] })
  })

  it('has fingerprints that stay when lines shift, and differ between findings', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong\nwrong\nfine; wrong\n' })
    const fingerprints = async (): Promise<unknown[]> =>
      (await lintSarif(sandbox)).runs[0]?.results.map((result) => result.partialFingerprints) ?? []
    const before = await fingerprints()
    expect(new Set(before.map((fingerprint) => JSON.stringify(fingerprint))).size).toBe(3)
    sandbox.write('a.ts', '// new\n\n  wrong\nwrong\nfine;  wrong\n')
    expect(await fingerprints()).toEqual(before)
  })

  it('writes files outside the working folder as absolute addresses', async () => {
    const sandbox = new Sandbox({ 'a.ts': 'wrong', 'sub/b.ts': '' })
    const { stdout } = await sandbox.run(['lint', '--format', 'sarif', '../a.ts'], { cwd: sandbox.path('sub') })
    const [result] = checkSarif(stdout).runs[0]?.results ?? []
    expect(result?.locations[0]?.physicalLocation.artifactLocation).toEqual({
      uri: matching(/^file:\/\/\/.*\/a\.ts$/u),
    })
  })

  it('tells of parsing errors and failed rules as notifications', async () => {
    const {
      runs: [run],
    } = await lintSarif(new Sandbox({ 'a.ts': 'const = ;', 'b.ts': 'boom' }))
    expect(run?.results).toEqual([])
    expect(run?.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          { level: 'error', message: { text: matching('forkline/no-crash failed') } },
          { level: 'error', message: { text: matching('Parsing error') } },
        ],
      },
    ])
  })
})
