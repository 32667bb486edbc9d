import { expect, test } from 'vitest'
import { BUILD_FILES, TEST_FILES } from '../../../../lint/analysis/knowledge/names.ts'

test.each([
  ['tools/release.ts', true],
  ['tools/gen/types.mjs', true],
  ['scripts/seed.ts', true],
  ['packages/app/scripts/seed.ts', true],
  ['vite.config.ts', true],
  ['snippets/listen.js', true],
  ['src/snippets/insert.ts', false],
  ['tools/implementations/search.ts', false],
  ['packages/tools/src/query.ts', false],
  ['src/tools/search.ts', false],
  ['src/toolbox.ts', false],
])('%s is code of the build: %s', (file, expected) => {
  expect(BUILD_FILES.test(file)).toBe(expected)
})

test.each([
  ['src/pool.test.ts', true],
  ['src/pool.vitest.ts', true],
  ['test/pool.ts', true],
  ['src/pool.test-d.ts', true],
  ['src/pool.spec-d.mts', true],
  ['src/latest-data.ts', false],
  ['__utils__/registry/src/start.ts', true],
  ['packages/jest-config/registry.js', true],
  ['packages/app/globalSetup.ts', true],
  ['config/jest.global-teardown.mjs', true],
  ['vitest.setup.ts', true],
  ['src/setupTests.ts', true],
  ['src/setup.ts', false],
  ['src/utils/globalState.ts', false],
  ['src/jest-config.ts', false],
  ['src/attest.ts', false],
  ['src/vitest.ts', false],
])('%s is a test: %s', (file, expected) => {
  expect(TEST_FILES.test(file)).toBe(expected)
})
