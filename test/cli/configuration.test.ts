import { rules } from '@forkline/lint'
import { expect, it } from 'vitest'
import { Sandbox } from './sandbox.ts'

const FILES = {
  'a.ts':
    "import { get } from '@acme/http'\nexport const load = (urls: string[]) => Promise.all(urls.map((url) => get(url)))\n",
}

it('the command line reads forkline.json', async () => {
  const sandbox = new Sandbox(FILES)
  expect(await sandbox.run(['lint'], { rules })).toMatchObject({ exitCode: 0, stdout: '' })
  sandbox.write('forkline.json', '{ "packages": { "@acme/*": { "io": { "get": "network" } } } }')
  expect((await sandbox.run(['lint'], { rules })).stdout).toContain('forkline/no-unbounded-concurrency')
})

it('the command line says what is wrong with it, and lints all the same', async () => {
  const sandbox = new Sandbox({
    ...FILES,
    'forkline.json': '{\n  "packages": { "@acme/*": { "io": { "get": "network" } } },\n  "detached": "later"\n}',
  })
  const { stdout, stderr } = await sandbox.run(['lint'], { rules })
  expect(stdout).toContain('forkline/no-unbounded-concurrency')
  expect(stderr).toContain('forkline.json:3: `detached`: Expected an array, got `later`.')
})
