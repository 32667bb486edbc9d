import type ts from 'typescript'

/** The shared facts about one file, computed when first asked for and kept while the program stands. */
export class FileAnalysis {
  static of(program: ts.Program, sourceFile: ts.SourceFile): FileAnalysis {
    return new FileAnalysis(program, sourceFile)
  }
  readonly program: ts.Program
  readonly sourceFile: ts.SourceFile
  private constructor(program: ts.Program, sourceFile: ts.SourceFile) {
    this.program = program
    this.sourceFile = sourceFile
  }
}
