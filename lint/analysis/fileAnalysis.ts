import ts from 'typescript'
import { asyncFlow } from './flow/asyncFlow.ts'
import { type ConcurrentRegion, concurrentRegionOf } from './flow/concurrentRegion.ts'
import type { AsyncFlow, FlowRoot } from './flow/flowFacts.ts'
import { BUILD_FILES, TEST_FILES } from './knowledge/names.ts'
import { KNOWN_ROLES, type PackageRoles } from './knowledge/packageRoles.ts'
import { References } from './code/references.ts'
import { Summaries } from './flow/summaries.ts'
import type { FunctionNode } from './code/syntax.ts'
import { TypeQuestions } from './code/typeQuestions.ts'

interface ProgramAnalysis {
  readonly types: TypeQuestions
  readonly summaries: Summaries
  /** What the whole project is to the code that it lies beside. */
  readonly projectRole: FileRole
}

/** A project may extend what is known of packages for some of its folders; what follows from that is kept apart. */
const programs = new WeakMap<ts.Program, Map<PackageRoles, ProgramAnalysis>>()

/** What kind of code a file is, by its name: the same fan-out is a fault in a service and none in a test. */
export type FileRole = 'product' | 'build' | 'test'

/** The shared facts about one file, computed when first asked for and kept while the program stands. */
export class FileAnalysis {
  static of(program: ts.Program, sourceFile: ts.SourceFile, knowledge: PackageRoles = KNOWN_ROLES): FileAnalysis {
    const byKnowledge = programs.get(program) ?? new Map<PackageRoles, ProgramAnalysis>()
    programs.set(program, byKnowledge)
    let shared = byKnowledge.get(knowledge)
    if (!shared) {
      const types = new TypeQuestions(program, knowledge)
      shared = { types, summaries: new Summaries(types), projectRole: roleForNeighbours(program) }
      byKnowledge.set(knowledge, shared)
    }
    return new FileAnalysis(program, sourceFile, shared)
  }

  readonly sourceFile: ts.SourceFile
  readonly types: TypeQuestions
  readonly summaries: Summaries
  readonly references: References
  readonly role: FileRole
  readonly #flows = new Map<FlowRoot, AsyncFlow>()
  readonly #regions = new Map<FunctionNode, ConcurrentRegion | undefined>()

  private constructor(program: ts.Program, sourceFile: ts.SourceFile, shared: ProgramAnalysis) {
    this.sourceFile = sourceFile
    this.types = shared.types
    this.summaries = shared.summaries
    this.references = new References(sourceFile, shared.types)
    const name = relativeName(program, sourceFile)
    this.role = TEST_FILES.test(name) ? 'test' : BUILD_FILES.test(name) ? 'build' : shared.projectRole
  }

  flow(fn: FlowRoot): AsyncFlow {
    let flow = this.#flows.get(fn)
    if (!flow) {
      flow = asyncFlow(fn, this.types)
      this.#flows.set(fn, flow)
    }
    return flow
  }

  region(fn: FunctionNode): ConcurrentRegion | undefined {
    if (!this.#regions.has(fn)) this.#regions.set(fn, concurrentRegionOf(fn, this.references, this.types))
    return this.#regions.get(fn)
  }
}

/**
 * The name below the folder of the project's tsconfig: a project that itself lies under `examples/` is no example to its
 * authors, wherever the tool was started. Tests with a tsconfig of their own are still tests, helpers included.
 */
function relativeName(program: ts.Program, sourceFile: ts.SourceFile): string {
  const folder = folderOf(program)
  const { fileName } = sourceFile
  const below = TEST_PROJECTS.test(folder) ? parentOf(folder) : folder
  return fileName.startsWith(`${folder}/`)
    ? fileName.slice(below.length + 1)
    : fileName.slice(parentOf(parentOf(fileName)).length + 1)
}

function folderOf(program: ts.Program): string {
  const { configFilePath } = program.getCompilerOptions()
  return typeof configFilePath === 'string' ? parentOf(configFilePath) : program.getCurrentDirectory()
}

/**
 * A project below `examples/` or `tests/` that stands on code beside that folder was written for those who read it, or to
 * test that code. What stands below `fixtures/` is only ever read by tests, whatever it stands on.
 */
function roleForNeighbours(program: ts.Program): FileRole {
  const folder = `${folderOf(program)}/`
  if (FIXTURE_PROJECTS.test(folder)) return 'test'
  const [, above, kind] = /^(.*)\/(examples?|demos?|playgrounds?|samples?|__tests__|tests?|e2e)\//u.exec(folder) ?? []
  if (above === undefined || kind === undefined) return 'product'
  const standsOnNeighbours = program
    .getSourceFiles()
    .some(
      (file) =>
        file.fileName.startsWith(`${above}/`)
        && !OF_NOBODY_ELSE.test(file.fileName.slice(above.length))
        && !program.isSourceFileDefaultLibrary(file),
    )
  if (!standsOnNeighbours) return 'product'
  return /^(?:__)?(?:test|e2e)/u.test(kind) ? 'test' : 'build'
}

/** Folders beside one another that hold no code which examples and tests would be for. */
const OF_NOBODY_ELSE = /^\/(?:examples?|demos?|playgrounds?|samples?|__tests__|tests?|e2e|node_modules)\//u

/** Folders that hold small projects for tests to work on, and samples among the tests. */
const FIXTURE_PROJECTS =
  /\/(?:__fixtures__|(?:[\w.]+-)*fixtures?)\/|\/(?:__tests__|tests?|e2e)\/(?:[^/]+\/)*(?:examples?|demos?|playgrounds?|samples?)\//u

/** A folder of these names with a tsconfig of its own is still one of tests, or of what tests stand on. */
const TEST_PROJECTS =
  /\/(?:__tests__|tests?(?:[-_](?:e2e|utils?|helpers?|support|harness|integration))?|(?:[\w.]+[-_])*(?:(?:integration|e2e|end-to-end|functional|acceptance|smoke|regression)[-_]tests?|test[-_]?suites?)|e2e|conformance)$/u

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
