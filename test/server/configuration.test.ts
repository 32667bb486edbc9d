import { rules } from '@forkline/lint'
import { expect, test, vi } from 'vitest'
import { Editor } from './editor.ts'

const FILES = {
  'tsconfig.json': '{ "compilerOptions": { "strict": true, "target": "es2022", "module": "esnext", "types": [] } }',
  'app.ts':
    "import { get } from '@acme/http'\nexport const load = (urls: string[]) => Promise.all(urls.map((url) => get(url)))\n",
}
const problems = (editor: Editor): readonly string[] => {
  const status = editor.statuses.at(-1)
  return status && 'configProblems' in status ? status.configProblems : []
}
const codes = async (editor: Editor) => (await editor.diagnostics('app.ts')).map(({ code }) => code)

test('forkline.json changes the findings as soon as it is saved, and what is wrong with it is in the status', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts')
  expect(await codes(editor)).toEqual([])
  await editor.writeOnDisk('forkline.json', '{ "packages": { "@acme/http": { "io": { "*": "network" } } } }')
  await vi.waitUntil(() => editor.refreshes === 1)
  expect(await codes(editor)).toEqual(['no-unbounded-concurrency'])
  await editor.writeOnDisk('forkline.json', '{ "packages": { "@acme/http": { "io": { "*": "web" } } } }')
  await vi.waitUntil(() => editor.refreshes === 2)
  expect(await codes(editor)).toEqual([])
  await vi.waitUntil(() => problems(editor).length === 1)
  expect(problems(editor)[0]).toContain('`packages.@acme/http.io.*`: Expected one of `network`')
})
