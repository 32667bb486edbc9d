import ts from 'typescript'
import { expect, test } from 'vitest'
import { queuedJobsOf } from '../../../../lint/analysis/flow/queuedJobs.ts'
import { marked } from '../marked.ts'

const QUIET = 'this.jobs.push(async () => { x() })'

test.each([
  ['the first of the list', 'await this.jobs[0]()', QUIET, 'private jobs: any[] = []', 1],
  ['what was taken out', 'const job = this.jobs.shift(); await job()', QUIET, 'private jobs: any[] = []', 1],
  [
    'two kinds of jobs',
    'await this.jobs[0]()',
    `${QUIET}; this.jobs.unshift(() => x.y())`,
    'private jobs: any[] = []',
    2,
  ],
  ['a list that is emptied', 'await this.jobs[0](); this.jobs = []', QUIET, 'private jobs: any[] = []', 1],
  ['a job of somebody else', 'await this.jobs[0]()', 'this.jobs.push(x.job)', 'private jobs: any[] = []', undefined],
  [
    'a list that is replaced',
    'await this.jobs[0]()',
    `${QUIET}; this.jobs = x.jobs`,
    'private jobs: any[] = []',
    undefined,
  ],
  ['a list that is handed on', 'await this.jobs[0]()', `${QUIET}; x(this.jobs)`, 'private jobs: any[] = []', undefined],
  ['a list that others see', 'await this.jobs[0]()', QUIET, 'jobs: any[] = []', undefined],
  ['a list that is full at first', 'await this.jobs[0]()', QUIET, 'private jobs: any[] = [x.job]', undefined],
  ['a list that nothing is put in', 'await this.jobs[0]()', 'x()', 'private jobs: any[] = []', undefined],
])('%s', (_, run, add, field, expected) => {
  const { analysis } = marked(`declare const x: any
    export class Line { ${field}; add() { ${add} } async f() { ${run} } }`)
  const jobs: (number | undefined)[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node) && ts.isCallExpression(node.expression))
      jobs.push(queuedJobsOf(node.expression.expression, analysis.types)?.length)
    ts.forEachChild(node, visit)
  }
  visit(analysis.sourceFile)
  expect(jobs).toEqual([expected])
})
