/** `npm run test:host`: the tests in a real VS Code, and nothing else. */
import { runHostSuite } from './suite.ts'

const { report, broken } = await runHostSuite((line) => {
  console.log(line)
})
if (broken !== undefined) console.error(broken)
console.log(`${String(report.passed)} passed, ${String(report.total - report.passed)} failed`)
if (broken !== undefined || report.passed < report.total) process.exitCode = 1
