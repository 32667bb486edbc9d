import type { Linter } from 'eslint'
import { plugin } from 'eslint-plugin-forkline'
import { expect, it } from 'vitest'
import { EslintProject } from './project.ts'

const recommended = plugin.configs.recommended as Linter.Config
const FILES = {
  'main.ts':
    "import { get } from '@acme/http'\nexport const load = (urls: string[]) => Promise.all(urls.map((url) => get(url)))\n",
}
const withSettings = (forkline: unknown): Linter.Config => ({ ...recommended, settings: { forkline } })

it('reads settings.forkline', async () => {
  await using project = await EslintProject.create(FILES)
  const [plain] = await project.lint(recommended)
  expect(plain?.messages).toEqual([])
  const [extended] = await project.lint(withSettings({ packages: { '@acme/http': { io: { '*': 'network' } } } }))
  expect(extended?.messages).toMatchObject([{ ruleId: 'forkline/no-unbounded-concurrency', line: 2 }])
})

it('says where settings.forkline is wrong', async () => {
  await using project = await EslintProject.create(FILES)
  await expect(project.lint(withSettings({ limiters: 'viaGateway' }))).rejects.toThrow(
    'settings.forkline.limiters: Expected an array, got `viaGateway`.',
  )
})
