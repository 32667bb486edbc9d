import type ts from 'typescript'
import { isOpenEndedName } from '../knowledge/collectionNames.ts'
import { SMALL_NAMES } from '../knowledge/names.ts'
import type { References } from '../code/references.ts'
import { limitBySchema } from './schemaLimits.ts'
import { bounded, open, type Size, UNKNOWN } from './sizes.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

export const CONFIGURED = bounded('what is registered or configured')
export const ONE_CHUNK = bounded('one chunk')
export const LIMITED = bounded('a length limited by its schema')

/** Names of calls that give a part of what they are given at a time. */
export const CHUNKING = /chunk|batch|partition|window|paginate/iu

/** Where a question about a size stands on its way from one expression to the next. */
export interface SizeQuestion {
  readonly types: TypeQuestions
  /** The uses of names in the file that the question is about. */
  readonly references: References | undefined
  readonly depth: number
  /** The variables on the way here: what is made of itself, turn after turn, is asked once. */
  readonly asked: ReadonlySet<ts.Node>
  /** Asks the same of another expression. */
  readonly sizeOf: (expression: ts.Expression, at: SizeQuestion) => Size
}

/** What the schema of a name says: so many at most, or as many as the sender likes. */
export function sizeBySchema(node: ts.Identifier, at: SizeQuestion): Size | undefined {
  const limit = limitBySchema(node, at.types)
  if (limit?.isLimited) return LIMITED
  return limit?.isSent === true && isOpenEndedName(node.text) ? open('request', node, node.text) : undefined
}

/** Most queries find a few rows, and most bodies and streams hold little; it takes a name that speaks of many to believe otherwise. */
export function believe(size: Size, use: ts.Identifier): Size {
  if (size.kind === 'unknown' && SMALL_NAMES.test(use.text)) return CONFIGURED
  if (
    size.kind === 'open'
    && ['query', 'pages', 'output', 'request', 'stream'].includes(size.source)
    && !isOpenEndedName(use.text)
  )
    return UNKNOWN
  return size
}
