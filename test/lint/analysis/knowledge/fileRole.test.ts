import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'

test.each([
  ['/app/src/load.ts', '/app', 'product'],
  ['/app/src/load.test.ts', '/app', 'test'],
  ['/app/src/load.clienttest.ts', '/app', 'test'],
  ['/app/src/load.unit.spec.ts', '/app', 'test'],
  ['/app/src/latest.ts', '/app', 'product'],
  ['/app/src/fastest.ts', '/app', 'product'],
  ['/app/test/support/server.ts', '/app', 'test'],
  ['/app/test/support/server.ts', '/app/test', 'test'],
  ['/app/packages/api/tests/server.ts', '/app/packages/api/tests', 'test'],
  ['/app/integration-tests/server.ts', '/app', 'test'],
  ['/app/tests-e2e/harness.ts', '/app', 'test'],
  ['/app/packages/test-utils/lib/docker.ts', '/app/packages/test-utils', 'test'],
  ['/app/conformance/worker.ts', '/app/conformance', 'test'],
  ['/app/dev/browser-integration-tests/suites/click/run.ts', '/app/dev/browser-integration-tests', 'test'],
  ['/app/packages/e2e-tests/helpers/login.ts', '/app/packages/e2e-tests', 'test'],
  ['/app/packages/integration-testsuite/src/serverTests.ts', '/app/packages/integration-testsuite', 'test'],
  ['/app/packages/test-suite/src/run.ts', '/app', 'test'],
  ['/app/packages/load-test/src/plan.ts', '/app/packages/load-test', 'product'],
  ['/app/test.js', '/app', 'test'],
  ['/app/src/commands/test.ts', '/app', 'product'],
  ['/app/src/cluster/test-util.ts', '/app', 'test'],
  ['/app/src/testHelpers.ts', '/app', 'test'],
  ['/app/packages/@shop-testing/integ/lib/app.ts', '/app', 'test'],
  ['/app/src/contests/list.ts', '/app', 'product'],
  ['/app/src/test-runner/run.ts', '/app', 'product'],
  ['/app/src/contestUtils.ts', '/app', 'product'],
  ['/app/website/versioned_docs/version-3/queue.ts', '/app', 'build'],
  ['/app/scripts/release.ts', '/app', 'build'],
  ['/app/build/release.ts', '/app', 'build'],
  ['/app/packages/api/build/bundle.ts', '/app', 'build'],
  ['/app/src/commands/build/index.ts', '/app', 'product'],
  ['/app/packages/cli/src/build/upload.ts', '/app', 'product'],
  ['/app/packages/cli/src/build/upload.ts', '/app/packages/cli', 'product'],
  ['/app/examples/shop/src/load.ts', '/app/examples/shop', 'product'],
  ['/app/test/fixtures/shop/src/load.ts', '/app/test/fixtures/shop', 'test'],
  ['/app/__fixtures__/shop/src/load.ts', '/app/__fixtures__/shop', 'test'],
  ['/app/test-fixtures/shop/src/load.ts', '/app/test-fixtures/shop', 'test'],
  ['/app/e2e/suite/examples/shop/src/load.ts', '/app/e2e/suite/examples/shop', 'test'],
  ['/app/src/features/playground/load.ts', '/app', 'product'],
  ['/app/src/sandbox/load.ts', '/app', 'product'],
  ['/home/test/app/src/load.ts', '/home/test/app', 'product'],
])('%s of the project in %s is %s', (file, folder, role) => {
  const source = ts.createSourceFile(file, 'export {}', ts.ScriptTarget.ESNext, true)
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === file ? source : undefined),
    fileExists: (name) => name === file,
  }
  const program = ts.createProgram([file], { noLib: true, configFilePath: `${folder}/tsconfig.json` }, host)
  expect(FileAnalysis.of(program, source).role).toBe(role)
})

test.each([
  ['examples', '/app/packages/core/src/index.ts', 'build'],
  ['examples', '/app/packages/core/dist/index.d.ts', 'build'],
  ['examples', '/app/examples/lib/run.ts', 'product'],
  ['examples', '/app/node_modules/core/index.d.ts', 'product'],
  ['examples', '/core/index.ts', 'product'],
  ['playground', '/app/packages/core/src/index.ts', 'build'],
  ['demos', '/app/packages/core/src/index.ts', 'build'],
  ['demos', '/core/index.ts', 'product'],
  ['tests', '/app/packages/core/src/index.ts', 'test'],
  ['tests', '/app/tests/lib/run.ts', 'product'],
  ['tests', '/app/node_modules/core/index.d.ts', 'product'],
  ['tests', '/core/index.ts', 'product'],
])('a project among the %s that stands on %s is %s', (folder, used, role) => {
  const file = `/app/${folder}/shop/src/load.ts`
  const sources = new Map(
    [file, used].map((name) => [name, ts.createSourceFile(name, 'export {}', ts.ScriptTarget.ESNext, true)]),
  )
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => sources.get(name),
    fileExists: (name) => sources.has(name),
  }
  const program = ts.createProgram(
    [file, used],
    { noLib: true, configFilePath: `/app/${folder}/shop/tsconfig.json` },
    host,
  )
  const source = program.getSourceFile(file)
  expect(source && FileAnalysis.of(program, source).role).toBe(role)
})
