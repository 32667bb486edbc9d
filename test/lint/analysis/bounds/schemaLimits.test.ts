import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { limitBySchema } from '../../../../lint/analysis/bounds/schemaLimits.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** What the schema says of the argument of the last `list(…)`. The schema's package is not installed, as in most checkouts. */
function saidOf(code: string, files: Readonly<Record<string, string>> = {}): string {
  const program = programOf({
    ...files,
    'file.ts': `import { z } from 'zod'\ndeclare function list(items: unknown): void\n${code}`,
  })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let asked: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'list') asked = node.arguments[0]
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!asked || !(ts.isIdentifier(asked) || ts.isPropertyAccessExpression(asked)))
    throw new Error('Expected `list(name)` in the code')
  const limit = limitBySchema(asked, FileAnalysis.of(program, sourceFile).types)
  if (limit === undefined) return 'nothing'
  return `${limit.isLimited ? 'limited' : 'any length'}${limit.isSent ? ', sent' : ''}`
}

describe('what comes after `array` limits the list', () => {
  test.each([
    ['a longest list', 'z.string().array().max(10)', 'limited'],
    ['an exact length, of an optional list', 'z.array(z.string()).length(2).optional()', 'limited'],
    ['a list that a function makes optional', 'z.optional(z.array(z.string()).max(10))', 'limited'],
    [
      'a list that is made from something else',
      'z.preprocess((given) => [given], z.array(z.string()).max(10))',
      'limited',
    ],
    ['a limit that is an action of its own', 'z.pipe(z.array(z.string()), z.maxLength(10))', 'limited'],
    ['an option', 'z.Array(z.String(), { maxItems: 10 })', 'limited'],
    ['a longest text in a list of any length', 'z.string().max(10).array()', 'any length'],
    ['a longest text in a list of any length, given to it', 'z.array(z.string().max(10))', 'any length'],
    ['no limit', 'z.array(z.string())', 'any length'],
    ['a text', 'z.string().max(10)', 'nothing'],
  ])('%s', (_, field, expected) => {
    expect(
      saidOf(
        `const body = z.object({ urls: ${field} })\nexport function f(given: z.infer<typeof body>) { list(given.urls) }`,
      ),
    ).toBe(expected)
  })
})

describe('the schema of a value is found', () => {
  const schema = 'const body = z.object({ urls: z.array(z.string()).max(9), texts: z.array(z.string()) })\n'

  test.each([
    [
      'through an alias of its type',
      'type Body = z.infer<typeof body>; function f(given: Body) { list(given.urls) }',
      'limited',
    ],
    [
      'through types that keep fields',
      'function f(given: Readonly<Partial<z.output<typeof body>>>) { list(given.urls) }',
      'limited',
    ],
    [
      'through one field of a type',
      'type Body = z.infer<typeof body>; function f(urls: Body["urls"]) { list(urls) }',
      'limited',
    ],
    ['in a destructured parameter', 'function f({ urls }: z.infer<typeof body>) { list(urls) }', 'limited'],
    [
      'in a destructured parameter, under another name',
      'function f({ texts: all }: z.infer<typeof body>) { list(all) }',
      'any length',
    ],
    [
      'from the check itself',
      'function f(given: unknown) { const { urls } = body.parse(given); list(urls) }',
      'limited',
    ],
    [
      'from a check of a request',
      'function f(req: { body: unknown }) { const { texts } = body.parse(req.body); list(texts) }',
      'any length, sent',
    ],
    [
      'from a check that gives a result',
      'function f(given: unknown) { const result = body.safeParse(given); list(result.data.urls) }',
      'limited',
    ],
    [
      'behind further methods',
      'const more = body.extend({ ids: z.array(z.string()) }).strict().refine(Boolean); function f(given: z.infer<typeof more>) { list(given.urls) }',
      'limited',
    ],
    [
      'in what is added',
      'const more = body.extend({ ids: z.array(z.string()).max(3) }); function f(given: z.infer<typeof more>) { list(given.ids) }',
      'limited',
    ],
    [
      'in what is joined',
      'const more = z.object({}).merge(body); function f(given: z.infer<typeof more>) { list(given.urls) }',
      'limited',
    ],
    [
      'in fields that are spread',
      'const more = z.object({ ...body.shape }); function f(given: z.infer<typeof more>) { list(given.urls) }',
      'limited',
    ],
    [
      'in an object in an object',
      'const request = z.object({ body }); function f(given: z.infer<typeof request>) { list(given.body.urls) }',
      'limited',
    ],
    [
      'under a name of its own',
      'const urls = z.array(z.string()).max(2); const named = z.object({ urls }); function f(given: z.infer<typeof named>) { list(given.urls) }',
      'limited',
    ],
    [
      'in a member of an interface',
      'interface Options { request: z.infer<typeof body> }; function f(options: Options) { list(options.request.urls) }',
      'limited',
    ],
    [
      'in a member of an interface that is taken apart',
      'interface Options { request: z.infer<typeof body> }; function f(options: Options) { const { request } = options; const { urls } = request; list(urls) }',
      'limited',
    ],
    [
      'in a member of an object type',
      'function f({ request }: { request: z.infer<typeof body> }) { list(request.urls) }',
      'limited',
    ],
    [
      'not where the field is left out',
      'const less = body.omit({ urls: true }); function f(given: z.infer<typeof less>) { list(given.urls) }',
      'nothing',
    ],
    ['not for a plain type', 'function f(given: { urls: string[] }) { list(given.urls) }', 'nothing'],
  ])('%s', (_, code, expected) => {
    expect(saidOf(schema + code)).toBe(expected)
  })

  test('in another file', () => {
    const files = {
      'schemas.ts': `import { z } from 'zod'\nexport const body = z.object({ urls: z.array(z.string()).max(9) })\nexport type Body = z.infer<typeof body>`,
    }
    expect(
      saidOf('import type { Body } from "./schemas.ts"; export function f({ urls }: Body) { list(urls) }', files),
    ).toBe('limited')
  })

  test.each([
    ['a procedure', 'procedure.input(body).mutation(async ({ input }) => { list(input.texts) })', 'any length, sent'],
    [
      'a procedure whose handler takes its input apart',
      'procedure.input(body).output(z.any()).query(async ({ input, ctx }) => { const { urls } = input; list(urls) })',
      'limited, sent',
    ],
    [
      'a procedure whose handler takes its input apart at once',
      'procedure.input(body).query(({ input: { texts } }) => { list(texts) })',
      'any length, sent',
    ],
    ['an action', 'client.schema(body).action(async ({ parsedInput }) => { list(parsedInput.urls) })', 'limited, sent'],
    [
      'a handler that keeps its options together',
      'procedure.input(body).handler(async (options) => { list(options.input.texts) })',
      'any length, sent',
    ],
  ])('as the input of %s', (_, code, expected) => {
    expect(saidOf(`${schema}declare const procedure: any, client: any\n${code}`)).toBe(expected)
  })
})

describe('a class that says what a request holds', () => {
  test.each([
    ['a longest list', '@ArrayMaxSize(10) @IsArray() urls!: string[]', 'limited, sent'],
    ['a list', '@IsString({ each: true }) urls!: string[]', 'any length, sent'],
    ['a field without decorators', 'urls!: string[]', 'nothing'],
  ])('%s', (_, field, expected) => {
    const declared =
      'declare function ArrayMaxSize(n: number): any; declare function IsArray(): any; declare function IsString(options: object): any'
    expect(saidOf(`${declared}; class Body { ${field} }; function f(given: Body) { list(given.urls) }`)).toBe(expected)
  })
})
