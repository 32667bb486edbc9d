import { basename, resolve } from 'node:path'
import { lint } from '@forkline/lint'
import { expect, it } from 'vitest'
import { ExampleProject } from '../project.ts'

const folder = resolve(import.meta.dirname, '../../../examples/patterns')

it('the linter finds nothing in the patterns', () => {
  const project = new ExampleProject(folder)
  const files = project.sourceFiles.filter(({ fileName }) => fileName.startsWith(`${folder}/`))
  expect(files.length).toBeGreaterThan(20)
  const found = files.flatMap((file) => {
    const { findings, crashes } = lint(project.program, file, { level: 'likely' })
    expect(crashes).toEqual([])
    return findings.map(({ ruleId, message }) => `${basename(file.fileName)}: ${ruleId}: ${message}`)
  })
  expect(found).toEqual([])
})
