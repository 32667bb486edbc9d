import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**', '**/node_modules/**'],
    testTimeout: 30_000,
    // `FORKLINE_TEST_RECORD=1 vitest run test/runtime` runs tests with recording on: they must not notice.
    setupFiles: process.env['FORKLINE_TEST_RECORD'] === undefined ? [] : ['test/runtime/trace/recordAll.ts'],
  },
})
